// Progress that is understood is written so that it is understood as the same; and a batch that
// sets out from it ends.
#include <tuple>

#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/messages/plan_request.hpp"
#include "convex_kv/plans/delete_progress.hpp"
#include "convex_kv/plans/migrate_plan.hpp"
#include "convex_kv/plans/sweep_progress.hpp"
#include "convex_kv/plans/transfer_progress.hpp"
#include "feed.hpp"
#include "plan_driver.hpp"
#include "target.hpp"

using namespace convex_kv;

namespace {

// All that each holds, to be compared. NaN is NaN here.
auto fields_of(const DeleteProgress& it) {
  return std::tuple(it.range.lower, it.range.upper, it.after, it.order);
}
auto fields_of(const SweepProgress& it) {
  const auto after = it.after.value_or(SweepProgress::Position{});
  return std::tuple(it.after.has_value(), bits_from_double(after.expires_at),
                    bits_from_double(after.creation_time), bits_from_double(it.until),
                    bits_from_double(it.since));
}
auto fields_of(const TransferProgress& it) {
  return std::tuple(it.kind, it.on_conflict, it.source.lower, it.source.upper, it.to, it.after);
}
auto fields_of(const MigrationProgress& it) { return std::tuple(it.after); }

// As it is written, from which it has to be read as the same.
template <typename Progress, typename Read>
std::string written(const Progress& progress, Read read) {
  std::string text = rest_of(progress);
  const std::optional<Progress> again = read(*parse_json(text));
  fuzz::require(again && fields_of(*again) == fields_of(progress));
  return text;
}

// As a text that is understood is written again; nullopt if none understands it.
std::optional<std::string> written_again(std::string_view text) {
  const auto json = parse_json(text);
  const auto plan = json ? string_member(*json, "plan") : std::nullopt;
  if (plan == "delete") {
    if (const auto it = delete_progress_from(*json)) return written(*it, delete_progress_from);
  } else if (plan == "sweep") {
    if (const auto it = sweep_progress_from(*json)) return written(*it, sweep_progress_from);
  } else if (plan == "move" || plan == "copy") {
    if (const auto it = transfer_progress_from(*json)) return written(*it, transfer_progress_from);
  } else if (plan == "migrate") {
    return written(migration_progress_from(*json), migration_progress_from);
  }
  return std::nullopt;
}

}  // namespace

FUZZ_TARGET(progress) {
  fuzz::Feed feed({data, size});
  const std::string text = feed.text();
  const auto found = written_again(text);
  if (!found) return 0;
  fuzz::require(written_again(*found) == *found);
  const int failures = feed.byte();
  const std::string request = R"({"plan":"resume","epoch":1,"now":5,"failures":)" +
                              std::to_string(failures) + R"(,"from":)" + dump_json(Json(*found)) +
                              "}";
  const auto plan = plan_from_request({}, request);
  fuzz::require(plan.ok());
  fuzz::drive_truthfully(**plan, feed);
  return 0;
}

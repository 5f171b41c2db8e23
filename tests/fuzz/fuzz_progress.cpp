// Progress that is understood is written so that it is understood as the same; and a batch that
// sets out from it ends.
#include "convex_json.hpp"
#include "feed.hpp"
#include "migrate_plan.hpp"
#include "plan_driver.hpp"
#include "plan_request.hpp"
#include "progress_message.hpp"
#include "transfer_progress.hpp"

using namespace convex_kv;

namespace {

// As a text that is understood is written again; nothing where none understands it.
std::optional<std::string> written_again(const std::string& text) {
  if (const auto progress = progress_from_text(text)) return progress_to_text(*progress);
  if (const auto transfer = transfer_from_text(text)) return transfer_to_text(*transfer);
  if (const auto migration = migration_from_text(text)) return migration_to_text(*migration);
  return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Feed feed({data, size});
  const std::string text = feed.text();
  const auto found = written_again(text);
  if (!found) return 0;
  const std::string& written = *found;
  fuzz::require(written_again(written) == written);
  const int failures = feed.byte();
  const std::string request = R"({"plan":"resume","epoch":1,"now":5,"failures":)" +
                              std::to_string(failures) + R"(,"from":)" + dump_json(Json(written)) +
                              "}";
  const auto plan = plan_from_request({}, request);
  fuzz::require(plan.ok());
  fuzz::drive_truthfully(**plan, feed);
  return 0;
}

#include "plan_request.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "convex_json.hpp"
#include "cursor.hpp"
#include "delete_plan.hpp"
#include "limits.hpp"
#include "progress_message.hpp"
#include "scan_plan.hpp"
#include "sweep_plan.hpp"
#include "transfer_plan.hpp"

namespace convex_kv {

using PlanResult = Result<std::unique_ptr<Plan>>;

// A kind of plan: its name, and what opens it over a range.
struct PlanKind {
  std::string_view name;
  PlanResult (*open)(KeyRange range, const Json& request);
};

namespace {

constexpr std::int64_t kDefaultLimit = 100;

KvError malformed() {
  return KvError{ErrorCode::kInvalidRequest, "The core does not understand this request."};
}

std::optional<std::int64_t> whole_number_member(const Json& json, const char* name) {
  const auto number = number_member(json, name);
  return number ? whole_number(*number) : std::nullopt;
}

std::optional<TransactionRoom> room_member(const Json& request) {
  const Json* room = member(request, "room");
  if (!room) return std::nullopt;
  const auto remaining = [room](const char* name) -> std::optional<std::int64_t> {
    const Json* metric = member(*room, name);
    return metric ? whole_number_member(*metric, "remaining") : std::nullopt;
  };
  const auto bytes_read = remaining("bytesRead");
  const auto documents_read = remaining("documentsRead");
  const auto documents_written = remaining("documentsWritten");
  const auto queries = remaining("databaseQueries");
  if (!bytes_read || !documents_read || !documents_written || !queries) return std::nullopt;
  return TransactionRoom{*bytes_read, *documents_read, *documents_written, *queries};
}

Result<std::int64_t> limit_member(const Json& request) {
  const Json* limit = member(request, "limit");
  if (!limit || limit->is_null()) return kDefaultLimit;
  const auto number = whole_number_member(request, "limit");
  if (number && *number >= 1 && *number <= static_cast<std::int64_t>(kMaxArrayLength)) {
    return *number;
  }
  return KvError{ErrorCode::kInvalidLimit,
                 "limit must be an integer from 1 to " + std::to_string(kMaxArrayLength) + "."};
}

Result<std::optional<Bytes>> cursor_member(const Json& request, const KeyRange& range) {
  const Json* cursor = member(request, "cursor");
  if (!cursor || cursor->is_null()) return std::optional<Bytes>();
  if (!cursor->is_string()) return malformed();
  auto position = decode_cursor(cursor->get_ref<const std::string&>(), range);
  if (!position) return position.error();
  return std::optional<Bytes>(std::move(*position));
}

PlanResult open_page(KeyRange range, const Json& request) {
  const auto limit = limit_member(request);
  if (!limit) return limit.error();
  auto after = cursor_member(request, range);
  if (!after) return after.error();
  return std::unique_ptr<Plan>(new ScanPlan(ScanPlan::page(
      std::move(range), std::move(*after), *limit, Budget::for_scan(room_member(request)))));
}

PlanResult open_all(KeyRange range, const Json& request) {
  return std::unique_ptr<Plan>(
      new ScanPlan(ScanPlan::all(std::move(range), Budget::for_scan(room_member(request)))));
}

PlanResult open_delete(KeyRange range, const Json& request) {
  const auto now = number_member(request, "now");
  if (!now) return malformed();
  return std::unique_ptr<Plan>(new DeletePlan({std::move(range), std::nullopt}, kNoEpoch, *now,
                                              Budget::for_caller(room_member(request))));
}

PlanResult open_sweep(KeyRange, const Json& request) {
  const auto now = number_member(request, "now");
  if (!now) return malformed();
  SweepProgress progress{*now, std::nullopt};
  const auto mark = number_member(request, "mark");
  if (mark) progress.since = *mark - kSweepLateness;
  progress.since = number_member(request, "since").value_or(progress.since);
  return std::unique_ptr<Plan>(new SweepPlan(progress, Budget::for_caller(room_member(request))));
}

TransferBudget transfer_budget(Budget budget, const Json& request) {
  const Json* room = member(request, "room");
  const Json* metric = room ? member(*room, "bytesWritten") : nullptr;
  return {budget, metric ? whole_number_member(*metric, "remaining") : std::nullopt};
}

PlanResult open_transfer(KeyRange range, const Json& request) {
  const auto now = number_member(request, "now");
  const auto kind = transfer_kind_of(string_member(request, "plan").value_or(""));
  const auto on_conflict = on_conflict_of(string_member(request, "onConflict").value_or(""));
  auto to = bytes_member(request, "to");
  if (!now || !kind || !on_conflict || !to) return malformed();
  if (auto error = refuse_transfer(range, *to)) return std::move(*error);
  const Budget budget = Budget::for_caller(room_member(request));
  return std::unique_ptr<Plan>(
      new TransferPlan({*kind, *on_conflict, std::move(range), std::move(*to), std::nullopt},
                       kNoEpoch, *now, transfer_budget(budget, request)));
}

PlanResult open_resumed(KeyRange, const Json& request) {
  const auto from = string_member(request, "from");
  const auto now = number_member(request, "now");
  const auto epoch = whole_number_member(request, "epoch");
  const auto failures = whole_number_member(request, "failures");
  if (!from || !now || !epoch || *epoch < 0 || *epoch > kNoEpoch || !failures) return malformed();
  const Budget budget = Budget::for_background(
      room_member(request), static_cast<int>(std::min<std::int64_t>(*failures, 32)));
  if (auto transfer = transfer_from_text(*from)) {
    return std::unique_ptr<Plan>(new TransferPlan(std::move(*transfer),
                                                  static_cast<std::uint32_t>(*epoch), *now,
                                                  transfer_budget(budget, request)));
  }
  auto progress = progress_from_text(*from);
  if (!progress) return malformed();
  if (auto* deletion = std::get_if<DeleteProgress>(&*progress)) {
    return std::unique_ptr<Plan>(
        new DeletePlan(std::move(*deletion), static_cast<std::uint32_t>(*epoch), *now, budget));
  }
  return std::unique_ptr<Plan>(new SweepPlan(std::get<SweepProgress>(*progress), budget));
}

constexpr PlanKind kBasic[] = {
    {"page", open_page}, {"all", open_all}, {"delete", open_delete}, {"sweep", open_sweep}};

// Two tables, so that a module that names the first has no code of the second.
constexpr PlanKind kAll[] = {{"page", open_page},     {"all", open_all},
                             {"delete", open_delete}, {"sweep", open_sweep},
                             {"move", open_transfer}, {"copy", open_transfer},
                             {"resume", open_resumed}};

}  // namespace

const PlanKinds kBasicPlans{std::begin(kBasic), std::end(kBasic)};
const PlanKinds kAllPlans{std::begin(kAll), std::end(kAll)};

PlanResult plan_from_request(const Key& prefix, std::string_view request) {
  auto range = prefix_range(prefix);
  if (!range) return range.error();
  return plan_over_range(std::move(*range), request, kAllPlans);
}

PlanResult plan_over_range(KeyRange range, std::string_view request, PlanKinds kinds) {
  const auto json = parse_json(request);
  const auto name = json ? string_member(*json, "plan") : std::nullopt;
  for (const PlanKind* kind = kinds.first; kind != kinds.last; ++kind) {
    if (name == kind->name) return kind->open(std::move(range), *json);
  }
  return malformed();
}

}  // namespace convex_kv

#include "convex_kv/messages/plan_request.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/plans/children_plan.hpp"
#include "convex_kv/plans/count_plan.hpp"
#include "convex_kv/plans/cursor.hpp"
#include "convex_kv/plans/delete_plan.hpp"
#include "convex_kv/plans/migrate_plan.hpp"
#include "convex_kv/plans/scan_plan.hpp"
#include "convex_kv/plans/sweep_plan.hpp"
#include "convex_kv/plans/transfer_plan.hpp"

namespace convex_kv {

using PlanResult = Result<std::unique_ptr<Plan>>;

// A kind of plan: its name, and what opens it over a range.
struct PlanKind {
  std::string_view name;
  PlanResult (*open)(PlanKeys&& keys, const Json& request);
};

namespace {

constexpr std::int64_t kDefaultLimit = 100;

KvError malformed_request() {
  return KvError{ErrorCode::kInvalidRequest, "The core does not understand this request."};
}

std::optional<std::int64_t> whole_number_member(const Json& json, const char* name) {
  const auto number = number_member(json, name);
  return number ? whole_number(*number) : std::nullopt;
}

std::optional<TransactionLimits> limits_member(const Json& request) {
  const Json* limits = member(request, "transactionLimits");
  if (!limits) return std::nullopt;
  const auto remaining = [limits](const char* name) -> std::optional<std::int64_t> {
    const Json* metric = member(*limits, name);
    return metric ? whole_number_member(*metric, "remaining") : std::nullopt;
  };
  const auto bytes_read = remaining("bytesRead");
  const auto documents_read = remaining("documentsRead");
  const auto documents_written = remaining("documentsWritten");
  const auto queries = remaining("databaseQueries");
  if (!bytes_read || !documents_read || !documents_written || !queries) return std::nullopt;
  const auto bytes_written = remaining("bytesWritten").value_or(kTransactionBytesWritten);
  return TransactionLimits{*bytes_read, *documents_read, *documents_written, *queries,
                           bytes_written};
}

// The time of the transaction: a finite number of milliseconds.
std::optional<double> now_member(const Json& request) {
  const auto now = number_member(request, "now");
  return now && std::isfinite(*now) ? now : std::nullopt;
}

Order order_member(const Json& request) { return order_when(flag_member(request, "reverse")); }

// `limit`, or `otherwise` if there is none. nullopt if it is no integer from 1 to `most`.
std::optional<std::int64_t> limit_up_to(std::int64_t most, std::int64_t otherwise,
                                        const Json& request) {
  const Json* limit = member(request, "limit");
  if (!limit || limit->is_null()) return otherwise;
  const auto number = whole_number_member(request, "limit");
  return number && *number >= 1 && *number <= most ? number : std::nullopt;
}

Result<std::int64_t> page_limit(const Json& request) {
  if (const auto limit = limit_up_to(kMaxArrayLength, kDefaultLimit, request)) return *limit;
  return KvError{ErrorCode::kInvalidLimit,
                 "limit must be an integer from 1 to " + std::to_string(kMaxArrayLength) + "."};
}

// All there are, if none is given.
Result<std::int64_t> count_limit(const Json& request) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() - 1;
  if (const auto limit = limit_up_to(kMost, kMost, request)) return *limit;
  return KvError{ErrorCode::kInvalidLimit, "limit must be an integer of 1 or more."};
}

Result<std::optional<Bytes>> cursor_member(const Json& request, const char* name,
                                           const KeyRange& range, Walk walk) {
  const Json* cursor = member(request, name);
  if (!cursor || cursor->is_null()) return std::optional<Bytes>();
  if (!cursor->is_string()) return malformed_request();
  auto position = decode_cursor(cursor->get_ref<const std::string&>(), range, walk);
  if (!position) return position.error();
  return std::optional<Bytes>(std::move(*position));
}

// The arguments of all that continues page by page.
struct Paging {
  std::int64_t limit;
  std::optional<Bytes> after;
  Order order;
  Budget budget;
};

Result<Paging> paging_of(const Json& request, const KeyRange& range, Result<std::int64_t> limit,
                         std::optional<std::size_t> children_behind = std::nullopt) {
  if (!limit) return limit.error();
  const Order order = order_member(request);
  auto after = cursor_member(request, "cursor", range, {order, children_behind});
  if (!after) return after.error();
  return Paging{*limit, std::move(*after), order, Budget::for_scan(limits_member(request))};
}

PlanResult open_page(PlanKeys&& keys, const Json& request) {
  auto paging = paging_of(request, keys.range, page_limit(request));
  if (!paging) return paging.error();
  auto& [limit, after, order, budget] = *paging;
  // The empty cursor of a last page means the end.
  const bool is_to_end = string_member(request, "endCursor") == "";
  std::optional<Bytes> until;
  if (!is_to_end) {
    auto position = cursor_member(request, "endCursor", keys.range, {order});
    if (!position) return position.error();
    until = std::move(*position);
  }
  if (is_to_end || until) {
    return std::unique_ptr<Plan>(new ScanPlan(ScanPlan::page_until(
        std::move(keys.range), std::move(after), std::move(until), budget, order)));
  }
  return std::unique_ptr<Plan>(
      new ScanPlan(ScanPlan::page(std::move(keys.range), std::move(after), limit, budget, order)));
}

PlanResult open_all(PlanKeys&& keys, const Json& request) {
  return std::unique_ptr<Plan>(new ScanPlan(ScanPlan::all(
      std::move(keys.range), Budget::for_scan(limits_member(request)), order_member(request))));
}

PlanResult open_first(PlanKeys&& keys, const Json& request) {
  return std::unique_ptr<Plan>(new ScanPlan(ScanPlan::first(
      std::move(keys.range), Budget::for_scan(limits_member(request)), order_member(request))));
}

PlanResult open_count(PlanKeys&& keys, const Json& request) {
  auto paging = paging_of(request, keys.range, count_limit(request));
  if (!paging) return paging.error();
  auto& [limit, after, order, budget] = *paging;
  return std::unique_ptr<Plan>(
      new CountPlan(std::move(keys.range), std::move(after), limit, budget, order));
}

PlanResult open_children(PlanKeys&& keys, const Json& request) {
  auto paging = paging_of(request, keys.range, page_limit(request), keys.prefix_length);
  if (!paging) return paging.error();
  auto& [limit, after, order, budget] = *paging;
  return std::unique_ptr<Plan>(new ChildrenPlan(std::move(keys.range), keys.prefix_length,
                                                std::move(after), limit, budget, order));
}

PlanResult open_delete(PlanKeys&& keys, const Json& request) {
  const auto now = now_member(request);
  if (!now) return malformed_request();
  return std::unique_ptr<Plan>(
      new DeletePlan({std::move(keys.range), std::nullopt, order_member(request)}, kAllEpochs, *now,
                     Budget::for_caller(limits_member(request))));
}

PlanResult open_sweep(PlanKeys&&, const Json& request) {
  const auto now = now_member(request);
  if (!now) return malformed_request();
  SweepProgress progress{*now, std::nullopt};
  const auto watermark = number_member(request, "watermark");
  if (watermark) progress.since = *watermark - kSweepLateness;
  progress.since = number_member(request, "since").value_or(progress.since);
  if (!is_consistent(progress)) return malformed_request();
  return std::unique_ptr<Plan>(new SweepPlan(progress, Budget::for_caller(limits_member(request))));
}

PlanResult open_transfer(PlanKeys&& keys, const Json& request) {
  const auto now = now_member(request);
  const auto kind = transfer_kind_of(string_member(request, "plan").value_or(""));
  const auto on_conflict = on_conflict_of(string_member(request, "onConflict").value_or(""));
  if (!now || !kind || !on_conflict || !keys.to) return malformed_request();
  TransferProgress transfer{*kind, *on_conflict, std::move(keys.range), std::move(*keys.to),
                            std::nullopt};
  if (auto error = check_transfer(transfer)) return std::move(*error);
  const Budget budget = Budget::for_caller(limits_member(request));
  return std::unique_ptr<Plan>(new TransferPlan(std::move(transfer), kAllEpochs, *now, budget));
}

// What a batch in the background has, beside where it continues.
struct Background {
  std::uint32_t epoch;
  double now;
  Budget budget;
};

std::optional<Background> background_of(const Json& request) {
  const auto now = now_member(request);
  const auto epoch = whole_number_member(request, "epoch");
  const auto failures = whole_number_member(request, "failures");
  if (!now || !epoch || *epoch < 0 || *epoch > kAllEpochs) return std::nullopt;
  if (!failures || *failures < 0) return std::nullopt;
  const auto most = static_cast<int>(std::min<std::int64_t>(*failures, 32));
  return Background{static_cast<std::uint32_t>(*epoch), *now,
                    Budget::for_background(limits_member(request), most)};
}

PlanResult resume_delete(const Json& rest, const Background& background) {
  auto progress = delete_progress_from(rest);
  if (!progress) return malformed_request();
  const auto& [epoch, now, budget] = background;
  return std::unique_ptr<Plan>(new DeletePlan(std::move(*progress), epoch, now, budget));
}

PlanResult resume_sweep(const Json& rest, const Background& background) {
  const auto progress = sweep_progress_from(rest);
  if (!progress) return malformed_request();
  return std::unique_ptr<Plan>(new SweepPlan(*progress, background.budget));
}

PlanResult resume_transfer(const Json& rest, const Background& background) {
  auto progress = transfer_progress_from(rest);
  if (!progress) return malformed_request();
  const auto& [epoch, now, budget] = background;
  return std::unique_ptr<Plan>(new TransferPlan(std::move(*progress), epoch, now, budget));
}

PlanResult resume_migration(const Json& rest, const Background& background) {
  return std::unique_ptr<Plan>(
      new MigratePlan(migration_progress_from(rest), background.now, background.budget));
}

// Plans that continue in the background, by the `plan` of their `rest`.
struct ResumedKind {
  std::string_view name;
  PlanResult (*resume)(const Json& rest, const Background& background);
};

constexpr std::array kResumedKinds{
    ResumedKind{"delete", resume_delete}, ResumedKind{"sweep", resume_sweep},
    ResumedKind{"move", resume_transfer}, ResumedKind{"copy", resume_transfer},
    ResumedKind{"migrate", resume_migration}};

PlanResult open_resumed(PlanKeys&&, const Json& request) {
  const auto from = string_member(request, "from");
  const auto rest = from ? parse_json(*from) : std::nullopt;
  const auto background = background_of(request);
  if (!rest || !background) return malformed_request();
  const auto name = string_member(*rest, "plan");
  for (const ResumedKind& kind : kResumedKinds) {
    if (name == kind.name) return kind.resume(*rest, *background);
  }
  return malformed_request();
}

PlanResult open_migration(PlanKeys&&, const Json& request) {
  const auto background = background_of(request);
  if (!background) return malformed_request();
  return resume_migration(Json::object(), *background);
}

constexpr std::array kPlanKinds{
    PlanKind{"page", open_page},         PlanKind{"all", open_all},
    PlanKind{"delete", open_delete},     PlanKind{"sweep", open_sweep},
    PlanKind{"first", open_first},       PlanKind{"count", open_count},
    PlanKind{"children", open_children}, PlanKind{"move", open_transfer},
    PlanKind{"copy", open_transfer},     PlanKind{"migrate", open_migration},
    PlanKind{"resume", open_resumed}};

}  // namespace

PlanResult plan_from_request(PlanKeys keys, std::string_view request) {
  const auto json = parse_json(request);
  const auto name = json ? string_member(*json, "plan") : std::nullopt;
  for (const PlanKind& kind : kPlanKinds) {
    if (name == kind.name) return kind.open(std::move(keys), *json);
  }
  return malformed_request();
}

}  // namespace convex_kv

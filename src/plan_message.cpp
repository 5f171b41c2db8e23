#include "plan_message.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "convex_json.hpp"
#include "cursor.hpp"
#include "delete_plan.hpp"
#include "key_range.hpp"
#include "limits.hpp"
#include "scan_plan.hpp"
#include "sweep_plan.hpp"

namespace convex_kv {

namespace {

constexpr std::int64_t kDefaultLimit = 100;

using PlanResult = Result<std::unique_ptr<Plan>>;

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

// These add a member to an object. Calls of a few functions take much less code than a conversion
// into Json at every place.
void put(Json& json, const char* name, Json value) { json[name] = std::move(value); }
void put_text(Json& json, const char* name, std::string_view text) {
  put(json, name, Json(std::string(text)));
}
void put_number(Json& json, const char* name, double number) {
  put(json, name, json_from_number(number));
}

Json progress_to_json(const DeleteProgress& progress) {
  Json json;
  put_text(json, "plan", "delete");
  put(json, "lower", json_from_bytes(progress.range.lower));
  put(json, "upper", json_from_bytes(progress.range.upper));
  if (progress.after) put(json, "after", json_from_bytes(*progress.after));
  return json;
}

Json progress_to_json(const SweepProgress& progress) {
  Json json;
  put_text(json, "plan", "sweep");
  put_number(json, "until", progress.until);
  put_number(json, "since", progress.since);
  if (progress.after) {
    put_number(json, "expiresAt", progress.after->expires_at);
    put_number(json, "creationTime", progress.after->creation_time);
  }
  return json;
}

std::optional<Progress> progress_from_json(const Json& json) {
  const auto plan = string_member(json, "plan");
  if (plan == "delete") {
    auto lower = bytes_member(json, "lower");
    auto upper = bytes_member(json, "upper");
    if (!lower || !upper) return std::nullopt;
    return DeleteProgress{{std::move(*lower), std::move(*upper)}, bytes_member(json, "after")};
  }
  if (plan == "sweep") {
    const auto until = number_member(json, "until");
    const auto expires_at = number_member(json, "expiresAt");
    const auto creation_time = number_member(json, "creationTime");
    if (!until) return std::nullopt;
    SweepProgress progress{*until, std::nullopt};
    progress.since = number_member(json, "since").value_or(progress.since);
    if (expires_at && creation_time) progress.after = {*expires_at, *creation_time};
    return progress;
  }
  return std::nullopt;
}

PlanResult open_resumed(const Json& request) {
  const auto from = string_member(request, "from");
  const auto now = number_member(request, "now");
  const auto epoch = whole_number_member(request, "epoch");
  const auto failures = whole_number_member(request, "failures");
  if (!from || !now || !epoch || *epoch < 0 || *epoch > kNoEpoch || !failures) return malformed();
  const auto json = parse_json(*from);
  auto progress = json ? progress_from_json(*json) : std::nullopt;
  if (!progress) return malformed();
  const Budget budget = Budget::for_background(
      room_member(request), static_cast<int>(std::min<std::int64_t>(*failures, 32)));
  if (auto* deletion = std::get_if<DeleteProgress>(&*progress)) {
    return std::unique_ptr<Plan>(
        new DeletePlan(std::move(*deletion), static_cast<std::uint32_t>(*epoch), *now, budget));
  }
  return std::unique_ptr<Plan>(new SweepPlan(std::get<SweepProgress>(*progress), budget));
}

Json spans_to_json(const RowSpans& spans) {
  Json json(Json::value_t::array);
  for (const auto& [first, last] : spans) {
    Json& span = json.emplace_back(Json::value_t::array);
    span.push_back(first);
    span.push_back(last);
  }
  return json;
}

const char* compare_name(Compare compare) {
  switch (compare) {
    case Compare::kEq:
      return "eq";
    case Compare::kGt:
      return "gt";
    case Compare::kGte:
      return "gte";
    case Compare::kLt:
      return "lt";
    case Compare::kLte:
      return "lte";
  }
  return "eq";
}

Json bound_to_json(const Bound& bound) {
  const auto* bytes = std::get_if<Bytes>(&bound.value);
  Json json(Json::value_t::array);
  json.push_back(compare_name(bound.compare));
  json.push_back(bound.field);
  json.push_back(bytes ? json_from_bytes(*bytes) : json_from_number(std::get<double>(bound.value)));
  return json;
}

void write_step(Json& json, const Read& step) {
  put_text(json, "step", "read");
  put_text(json, "index", step.index == Index::kPath ? "path" : "expiresAt");
  Json bounds(Json::value_t::array);
  for (const Bound& bound : step.bounds) bounds.push_back(bound_to_json(bound));
  put(json, "bounds", std::move(bounds));
  put(json, "maxRows", step.max_rows);
  put(json, "maxBytes", step.max_bytes);
}

void write_step(Json& json, const AskClock&) { put_text(json, "step", "clock"); }

void write_step(Json& json, const Delete& step) {
  put_text(json, "step", "delete");
  put(json, "rows", spans_to_json(step.rows));
}

void write_step(Json& json, const PageDone& step) {
  put_text(json, "step", "page");
  put(json, "rows", spans_to_json(step.rows));
  put_text(json, "cursor", step.cursor);
  put(json, "isDone", step.is_done);
}

void write_step(Json& json, const BatchDone& step) {
  put_text(json, "step", "batch");
  put(json, "deleted", step.deleted);
  if (!step.rest) return put(json, "rest", nullptr);
  const auto* deletion = std::get_if<DeleteProgress>(&*step.rest);
  put_text(json, "rest",
           dump_json(deletion ? progress_to_json(*deletion)
                              : progress_to_json(*std::get_if<SweepProgress>(&*step.rest))));
}

void write_step(Json& json, const KvError& error) {
  put_text(json, "step", "error");
  put_text(json, "code", error_name(error.code));
  put_text(json, "message", error.message);
}

// Writes the step if it holds a T. (std::visit would take twice the code.)
template <typename T>
void write_if(Json& json, const Step& step) {
  if (const T* held = std::get_if<T>(&step)) write_step(json, *held);
}

template <typename... T>
void write_any(Json& json, const std::variant<T...>& step) {
  (write_if<T>(json, step), ...);
}

}  // namespace

PlanResult plan_from_request(const Key& prefix, std::string_view request) {
  auto range = prefix_range(prefix);
  if (!range) return range.error();
  return plan_over_range(std::move(*range), request);
}

PlanResult plan_over_range(KeyRange range, std::string_view request) {
  const auto json = parse_json(request);
  const auto plan = json ? string_member(*json, "plan") : std::nullopt;
  if (plan == "page") return open_page(std::move(range), *json);
  if (plan == "all") {
    return std::unique_ptr<Plan>(
        new ScanPlan(ScanPlan::all(std::move(range), Budget::for_scan(room_member(*json)))));
  }
  if (plan == "resume") return open_resumed(*json);
  const auto now = json ? number_member(*json, "now") : std::nullopt;
  if (!now) return malformed();
  const Budget budget = Budget::for_caller(room_member(*json));
  if (plan == "sweep") {
    SweepProgress progress{*now, std::nullopt};
    const auto mark = number_member(*json, "mark");
    if (mark) progress.since = *mark - kSweepLateness;
    progress.since = number_member(*json, "since").value_or(progress.since);
    return std::unique_ptr<Plan>(new SweepPlan(progress, budget));
  }
  if (plan == "delete") {
    return std::unique_ptr<Plan>(
        new DeletePlan({std::move(range), std::nullopt}, kNoEpoch, *now, budget));
  }
  return malformed();
}

std::string step_to_json(const Step& step) {
  Json json;
  write_any(json, step);
  return dump_json(json);
}

}  // namespace convex_kv

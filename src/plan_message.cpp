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

Json progress_to_json(const DeleteProgress& progress) {
  Json json;
  json["plan"] = "delete";
  json["lower"] = json_from_bytes(progress.range.lower);
  json["upper"] = json_from_bytes(progress.range.upper);
  if (progress.after) json["after"] = json_from_bytes(*progress.after);
  return json;
}

Json progress_to_json(const SweepProgress& progress) {
  Json json;
  json["plan"] = "sweep";
  json["until"] = json_from_number(progress.until);
  if (progress.after) {
    json["expiresAt"] = json_from_number(progress.after->expires_at);
    json["creationTime"] = json_from_number(progress.after->creation_time);
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
  const Budget budget =
      Budget::for_background(room_member(request), static_cast<int>(std::min<std::int64_t>(*failures, 32)));
  if (auto* deletion = std::get_if<DeleteProgress>(&*progress)) {
    return std::unique_ptr<Plan>(new DeletePlan(std::move(*deletion),
                                                static_cast<std::uint32_t>(*epoch), *now, budget));
  }
  return std::unique_ptr<Plan>(new SweepPlan(std::get<SweepProgress>(*progress), budget));
}

Json spans_to_json(const RowSpans& spans) {
  Json json = Json::array();
  for (const auto& [first, last] : spans) {
    Json& span = json.emplace_back(Json::array());
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
  Json json = Json::array();
  json.push_back(compare_name(bound.compare));
  json.push_back(bound.field);
  json.push_back(bytes ? json_from_bytes(*bytes) : json_from_number(std::get<double>(bound.value)));
  return json;
}

struct StepWriter {
  Json& json;

  void operator()(const Read& step) const {
    json["step"] = "read";
    json["index"] = step.index == Index::kPath ? "path" : "expiresAt";
    Json& bounds = json["bounds"] = Json::array();
    for (const Bound& bound : step.bounds) bounds.push_back(bound_to_json(bound));
    json["maxRows"] = step.max_rows;
    json["maxBytes"] = step.max_bytes;
  }
  void operator()(const AskClock&) const { json["step"] = "clock"; }
  void operator()(const Delete& step) const {
    json["step"] = "delete";
    json["rows"] = spans_to_json(step.rows);
  }
  void operator()(const PageDone& step) const {
    json["step"] = "page";
    json["rows"] = spans_to_json(step.rows);
    json["cursor"] = step.cursor;
    json["isDone"] = step.is_done;
  }
  void operator()(const BatchDone& step) const {
    json["step"] = "batch";
    json["deleted"] = step.deleted;
    Json& rest = json["rest"];
    if (!step.rest) return;
    rest = dump_json(std::visit([](const auto& p) { return progress_to_json(p); }, *step.rest));
  }
  void operator()(const KvError& error) const {
    json["step"] = "error";
    json["code"] = error_name(error.code);
    json["message"] = error.message;
  }
};

}  // namespace

PlanResult plan_from_request(const Key& prefix, std::string_view request) {
  const auto json = parse_json(request);
  const auto plan = json ? string_member(*json, "plan") : std::nullopt;
  if (plan == "resume") return open_resumed(*json);
  if (plan == "sweep") {
    const auto now = number_member(*json, "now");
    if (!now) return malformed();
    return std::unique_ptr<Plan>(
        new SweepPlan({*now, std::nullopt}, Budget::for_caller(room_member(*json))));
  }
  auto range = prefix_range(prefix);
  if (!range) return range.error();
  if (plan == "page") return open_page(std::move(*range), *json);
  if (plan == "all") {
    return std::unique_ptr<Plan>(
        new ScanPlan(ScanPlan::all(std::move(*range), Budget::for_scan(room_member(*json)))));
  }
  if (plan == "delete") {
    const auto now = number_member(*json, "now");
    if (!now) return malformed();
    return std::unique_ptr<Plan>(new DeletePlan({std::move(*range), std::nullopt}, kNoEpoch, *now,
                                                Budget::for_caller(room_member(*json))));
  }
  return malformed();
}

std::string step_to_json(const Step& step) {
  Json json;
  std::visit(StepWriter{json}, step);
  return dump_json(json);
}

}  // namespace convex_kv

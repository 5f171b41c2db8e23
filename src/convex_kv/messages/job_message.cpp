#include "convex_kv/messages/job_message.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "convex_kv/json/convex_json.hpp"
#include "convex_kv/messages/step_message.hpp"

namespace convex_kv {

namespace {

// Counts go up by one at a time, and are exact as doubles; epochs have 32 bits, of which plans keep
// the highest for themselves.
constexpr double kMostCount = 9'007'199'254'740'990;
constexpr double kMostEpoch = std::numeric_limits<std::uint32_t>::max() - 2;

std::optional<double> time_member(const Json& json, const char* name) {
  const auto time = number_member(json, name);
  return time && std::isfinite(*time) ? time : std::nullopt;
}

std::optional<std::int64_t> count_member(const Json& json, const char* name, double most) {
  const auto number = number_member(json, name);
  const auto count = number ? whole_number(*number) : std::nullopt;
  return count && *number >= 0 && *number <= most ? count : std::nullopt;
}

std::optional<bool> boolean_member(const Json& json, const char* name) {
  const Json* found = member(json, name);
  if (!found || !found->is_boolean()) return std::nullopt;
  return flag_member(json, name);
}

std::optional<JobState> state_from_json(const Json& json) {
  const auto step = count_member(json, "step", kMostCount);
  const auto failures = count_member(json, "failures", kMostCount);
  const auto lease_until = time_member(json, "leaseUntil");
  if (!step || !failures || !lease_until) return std::nullopt;
  return JobState{*step, *failures, *lease_until};
}

Json state_to_json(const JobState& state) {
  Json json;
  put_number(json, "step", static_cast<double>(state.step));
  put_number(json, "failures", static_cast<double>(state.failures));
  put_number(json, "leaseUntil", state.lease_until);
  return json;
}

std::optional<JobEvent> event_from_json(const Json& json) {
  const auto name = string_member(json, "event");
  if (name == "started") {
    if (!member(json, "latestEpoch")) return JobStarted{std::nullopt};
    const auto latest = count_member(json, "latestEpoch", kMostEpoch);
    if (latest) return JobStarted{static_cast<std::uint32_t>(*latest)};
  } else if (name == "batchDue") {
    if (const auto step = count_member(json, "step", kMostCount)) return BatchDue{*step};
  } else if (name == "batchEnded") {
    const auto has_more = boolean_member(json, "hasMore");
    const auto has_failed = boolean_member(json, "hasFailed");
    const auto is_sweep = boolean_member(json, "isSweep");
    if (has_more && has_failed && is_sweep) return BatchEnded{*has_more, *has_failed, *is_sweep};
  } else if (name == "watchDue") {
    if (const auto failures = count_member(json, "failures", kMostCount)) {
      return WatchDue{*failures};
    }
  } else if (name == "watchSeen") {
    const auto due = time_member(json, "due");
    const auto is_pending = boolean_member(json, "isPending");
    if (due && is_pending) return WatchSeen{*due, *is_pending};
  } else if (name == "jobSeen") {
    if (const auto is_pending = boolean_member(json, "isWatchPending")) return JobSeen{*is_pending};
  } else if (name == "replaced") {
    return JobReplaced{};
  }
  return std::nullopt;
}

const char* end_name(JobEnd end) {
  switch (end) {
    case JobEnd::kDone:
      return "done";
    case JobEnd::kFailed:
      return "failed";
    case JobEnd::kReplaced:
      break;
  }
  return "replaced";
}

std::string actions_to_text(const JobActions& actions) {
  Json json = Json::object();
  if (actions.epoch) put_number(json, "epoch", *actions.epoch);
  if (actions.save) put(json, "save", state_to_json(*actions.save));
  if (actions.runs_batch) put(json, "runsBatch", true);
  if (actions.schedules_batch) put(json, "schedulesBatch", true);
  if (actions.watch_at) put_number(json, "watchAt", *actions.watch_at);
  if (actions.reads_job) put(json, "readsJob", true);
  if (actions.drops_watch) put(json, "dropsWatch", true);
  if (actions.end) put_text(json, "end", end_name(*actions.end));
  if (actions.moves_watermark) put(json, "movesWatermark", true);
  return dump_json(json);
}

}  // namespace

std::optional<JobQuestion> job_question_from_text(std::string_view text) {
  const auto json = parse_json(text);
  if (!json) return std::nullopt;
  const auto now = time_member(*json, "now");
  auto event = event_from_json(*json);
  if (!now || !event) return std::nullopt;
  const Json* job = member(*json, "job");
  if (!job || job->is_null()) return JobQuestion{std::nullopt, *event, *now};
  const auto state = state_from_json(*job);
  const bool is_new = std::holds_alternative<JobStarted>(*event);
  if (!state || is_new) return std::nullopt;
  return JobQuestion{state, *event, *now};
}

std::string answer_job_question(std::string_view text) {
  const auto question = job_question_from_text(text);
  if (question) return actions_to_text(job_actions(question->job, question->event, question->now));
  return step_to_message(
      KvError{ErrorCode::kInvalidRequest, "The job's event did not cross into the core whole."});
}

}  // namespace convex_kv

// Any text gets an answer, which is JSON; what is asked of a job never takes it back, and never
// both ends it and lets it go on.
#include "convex_kv/messages/job_message.hpp"

#include "convex_kv/json/convex_json.hpp"
#include "feed.hpp"
#include "target.hpp"

using namespace convex_kv;

FUZZ_TARGET(job_message) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string answer = answer_job_question(text);
  const auto json = parse_json(answer);
  fuzz::require(json.has_value());
  const auto question = job_question_from_text(text);
  fuzz::require(question.has_value() != (string_member(*json, "step") == "error"));
  if (!question) return 0;
  const JobActions actions = job_actions(question->job, question->event, question->now);
  fuzz::require(!(actions.end && (actions.save || actions.schedules_batch || actions.watch_at)));
  fuzz::require(!actions.schedules_batch || actions.save);
  if (actions.save && question->job) {
    fuzz::require(actions.save->step == question->job->step + 1);
    fuzz::require(actions.save->failures >= question->job->failures);
    fuzz::require(actions.save->lease_until >= question->job->lease_until);
  }
  return 0;
}

// What crosses between the job machine (jobs/job_machine.hpp) and its host, as JSON.
//
// A question is an object with `event`, `now`, `job` (the job's {step, failures, leaseUntil};
// absent or null if there is none), and what the event says:
//
//   started     latestEpoch (absent: the job needs no epoch)
//   batchDue    step
//   batchEnded  hasMore, hasFailed, isSweep
//   watchDue    failures
//   watchSeen   due, isPending
//   jobSeen     isWatchPending
//   replaced
//
// An answer has a member for each action that is to be taken, and no other: epoch, save (a job's
// state), runsBatch, schedulesBatch, watchAt, readsJob, dropsWatch, end ("done", "failed" or
// "replaced"), movesWatermark.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "convex_kv/jobs/job_machine.hpp"

namespace convex_kv {

struct JobQuestion {
  std::optional<JobState> job;
  JobEvent event;
  double now;
};

// nullopt if `text` is no question: a time that is not finite, a number that is not a count, a flag
// left out, a job that has a state before it has started. Safe for any input.
std::optional<JobQuestion> job_question_from_text(std::string_view text);

// The answer to such a text; an error step (step_message.hpp) if it is no question.
std::string answer_job_question(std::string_view text);

}  // namespace convex_kv

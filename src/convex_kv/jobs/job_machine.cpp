#include "convex_kv/jobs/job_machine.hpp"

#include <algorithm>

#include "convex_kv/jobs/lease.hpp"
#include "convex_kv/rules/expiry.hpp"

namespace convex_kv {

namespace {

bool is_silent(const JobState& job, double now) { return is_expired(job.lease_until, now); }

// The next batch, under a new lease. A clock that is late does not shorten the old one, which the
// watch was set by.
JobActions continued(const JobState& job, std::int64_t failures, double now) {
  JobActions actions;
  const double lease = std::max(job.lease_until, lease_until(now, failures));
  actions.save = {job.step + 1, failures, lease};
  actions.schedules_batch = true;
  return actions;
}

JobActions taken_over(const JobState& job, double now) {
  JobActions actions = continued(job, job.failures + 1, now);
  actions.watch_at = actions.save->lease_until;
  return actions;
}

JobActions watched_until(double time) {
  JobActions actions;
  actions.watch_at = time;
  return actions;
}

JobActions ended(JobEnd how) {
  JobActions actions;
  actions.end = how;
  return actions;
}

// What each event comes to.
struct Decision {
  const std::optional<JobState>& job;
  double now;

  JobActions operator()(const JobStarted& event) const {
    JobActions actions;
    if (event.latest_epoch) actions.epoch = *event.latest_epoch + 1;
    actions.save = {0, 0, lease_until(now, 0)};
    actions.schedules_batch = true;
    actions.watch_at = actions.save->lease_until;
    return actions;
  }

  JobActions operator()(const BatchDue& event) const {
    JobActions actions;
    actions.runs_batch = job && job->step == event.step;
    return actions;
  }

  JobActions operator()(const BatchEnded& event) const {
    if (!job) return {};
    if (event.has_failed) return ended(JobEnd::kFailed);
    if (event.has_more) return continued(*job, job->failures, now);
    JobActions actions = ended(JobEnd::kDone);
    actions.moves_watermark = event.is_sweep;
    return actions;
  }

  // Each takeover sets a watch. That of an earlier number of failures is out of date.
  JobActions operator()(const WatchDue& event) const {
    if (!job || job->failures != event.failures) return {};
    return is_silent(*job, now) ? taken_over(*job, now) : watched_until(job->lease_until);
  }

  JobActions operator()(const WatchSeen& event) const {
    JobActions actions;
    actions.reads_job = !event.is_pending || event.due <= now;
    return actions;
  }

  JobActions operator()(const JobSeen& event) const {
    JobActions actions;
    actions.drops_watch = !job;
    if (!job) return actions;
    if (is_silent(*job, now)) return taken_over(*job, now);
    return event.is_watch_pending ? actions : watched_until(job->lease_until);
  }

  JobActions operator()(const JobReplaced&) const {
    return job ? ended(JobEnd::kReplaced) : JobActions{};
  }
};

}  // namespace

JobActions job_actions(const std::optional<JobState>& job, const JobEvent& event, double now) {
  return std::visit(Decision{job, now}, event);
}

}  // namespace convex_kv

// The protocol of background work: what becomes of a job when something happens to it. A pure
// function, from a job's state and an event to what its host has to do. The component carries that
// out in one transaction with the event (js: background work); the simulation does the same.
//
// A job does one batch after another, each in a separate scheduled call. The platform tries such
// a call again after a write conflict, and never after any other failure, so a batch that throws
// would end the job without a word. Hence two more things:
//
// - A lease. It runs for some time after the latest batch (lease.hpp). While batches succeed, they
//   renew it.
// - A watch: a second scheduled call, due when the lease ends. If the job is silent until then, the
//   watch takes it over: it schedules the batch once more, and does less in it from then on.
//
// Scheduled calls may be late, lost, or come twice; after a backup is restored they are gone. So
// every call carries a number, and one whose number is not the job's is out of date and does
// nothing. The watch's call is noted in a separate row; whoever starts something else in the
// background looks at these rows, and restores what is lost.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

namespace convex_kv {

struct JobState {
  // The number of the batch that comes next. It counts up with every batch and every takeover.
  std::int64_t step = 0;
  // How many batches failed.
  std::int64_t failures = 0;
  // If nothing is heard of the job by then, it is taken over. In ms since the Unix epoch.
  double lease_until = 0;

  friend bool operator==(const JobState&, const JobState&) = default;
};

// The job is new. `latest_epoch` is given for a job that passes over what is written after it
// began, which an epoch tells: the highest epoch ever given, 0 if there was none.
struct JobStarted {
  std::optional<std::uint32_t> latest_epoch;
};

// The scheduled call for batch number `step` has come.
struct BatchDue {
  std::int64_t step;
};

// The batch that ran in this transaction has ended: with work left, or with an error that makes the
// job end.
struct BatchEnded {
  bool has_more;
  bool has_failed;
  bool is_sweep;
};

// The scheduled call of the watch that was set after so many failures has come.
struct WatchDue {
  std::int64_t failures;
};

// Somebody looks at the row of a watch, before the job is read: the call that it notes, and when
// that is due. `is_pending`: the call is still to come, or is being made.
struct WatchSeen {
  double due;
  bool is_pending;
};

// The same after the job was read, which has ended if there is none.
struct JobSeen {
  bool is_watch_pending;
};

// A new job takes over all that this one does.
struct JobReplaced {};

using JobEvent =
    std::variant<JobStarted, BatchDue, BatchEnded, WatchDue, WatchSeen, JobSeen, JobReplaced>;

enum class JobEnd { kDone, kFailed, kReplaced };

// What to do, in this order. Nothing of it: the event means nothing to the job.
struct JobActions {
  // Give the job this epoch, and keep a row for it while the job lasts: writers stamp what they
  // write with the highest epoch that has a row.
  std::optional<std::uint32_t> epoch{};
  // Keep this state with the job.
  std::optional<JobState> save{};
  // Run the batch now, and report how it ended.
  bool runs_batch = false;
  // Schedule the batch `save->step`, to run at once.
  bool schedules_batch = false;
  // Schedule a watch for then, with the number of failures that the job has now, and note its call
  // in the place of the one before.
  std::optional<double> watch_at{};
  // Read the job, and report JobSeen.
  bool reads_job = false;
  // Delete the watch's row: its job is gone.
  bool drops_watch = false;
  // Delete the job, its epoch's row and its watch, whose call is cancelled, and remember how the
  // job ended.
  std::optional<JobEnd> end{};
  // All that expired before the job started is deleted: later sweeps begin there.
  bool moves_watermark = false;

  friend bool operator==(const JobActions&, const JobActions&) = default;
};

// `job` is nullopt if there is none (any more); `now` is in ms since the Unix epoch.
JobActions job_actions(const std::optional<JobState>& job, const JobEvent& event, double now);

}  // namespace convex_kv

#include "background.hpp"

#include <algorithm>
#include <cmath>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/jobs/job_machine.hpp"
#include "convex_kv/rules/expiry.hpp"
#include "counted/changes.hpp"
#include "counted/counting.hpp"
#include "mutant.hpp"

namespace convex_kv::simulation {

namespace {

using JobRow = Table<Job>::Row;
using Function = ScheduledCall::Function;

// What the machine makes of an event, which a mutant may change.
JobActions decide(const Transaction& transaction, const std::optional<JobState>& job,
                  const JobEvent& event) {
  JobActions actions = job_actions(job, event, transaction.now());
  const auto& change = transaction.mutant().change_actions;
  if (change) change(actions, {job, event, transaction.now()});
  return actions;
}

JobActions decide(const Transaction& transaction, const JobRow& row, const JobEvent& event) {
  const std::optional<JobState> job = row ? std::optional(row->document.state) : std::nullopt;
  return decide(transaction, job, event);
}

Table<Watch>::Row watch_of(Transaction& transaction, Id job) {
  return transaction.first<Watch>(Watch::kByJob, equal_to({static_cast<double>(job)}));
}

void set_watch(Transaction& transaction, Id job, const JobState& state, double at) {
  const Id call = transaction.schedule({Function::kWatch, at, job, state.failures});
  const auto row = watch_of(transaction, job);
  if (row) {
    transaction.replace<Watch>(row, {job, at, call});
  } else {
    transaction.insert<Watch>({job, at, call});
  }
}

void end(Transaction& transaction, const JobRow& row) {
  const auto watch = watch_of(transaction, row->id);
  if (watch) {
    transaction.cancel(watch->document.call);
    transaction.remove<Watch>(watch);
  }
  const Job& job = row->document;
  if (job.deletion != 0) {
    transaction.remove<Deletion>(transaction.get<Deletion>(job.deletion));
  }
  transaction.remove<Job>(row);
}

// Every write of a job's state renews its lease. A takeover counts a failure, and comes only after
// the lease's end.
void check_lease(const Transaction& transaction, const JobState& before, const JobState& after) {
  const double now = transaction.now();
  check(after.lease_until > now, Invariant::kLease, "a job's lease is not renewed");
  if (after.failures == before.failures) return;
  check(is_expired(before.lease_until, now), Invariant::kLease, "a job is taken over too early");
  check(after.failures == before.failures + 1, Invariant::kLease, "a takeover counts one failure");
}

void schedule_batch(Transaction& transaction, Id job, std::int64_t step) {
  transaction.schedule({Function::kRun, transaction.now(), job, step});
}

// Executes what is to become of a job, which has otherwise changed as `job` says.
void carry_out(Transaction& transaction, const JobRow& row, Job job, const JobActions& actions) {
  if (actions.save) {
    check_lease(transaction, job.state, *actions.save);
    job.state = *actions.save;
    if (transaction.mutant().lapse == Lapse::kForgotten && job.deletion != 0) {
      transaction.remove<Deletion>(transaction.get<Deletion>(job.deletion));
      job.deletion = 0;
    }
    transaction.replace<Job>(row, job);
  }
  if (actions.schedules_batch) schedule_batch(transaction, row->id, job.state.step);
  if (actions.watch_at) set_watch(transaction, row->id, job.state, *actions.watch_at);
  if (actions.end) end(transaction, row);
  if (actions.moves_watermark) {
    set_watermark(transaction, find_watermark(transaction), row->document.started_at);
  }
}

// A call that is out of date does nothing.
void check_stale(const JobActions& actions, bool is_current) {
  check(is_current || actions == JobActions{}, Invariant::kStale,
        "a call that is out of date does something");
}

// `fences`: it passes over what is written after it began.
Id start(Transaction& transaction, Job job, const Carried& first, bool fences) {
  std::optional<std::uint32_t> latest;
  const auto epoch = fences ? transaction.first<Epoch>(0, everything()) : nullptr;
  if (fences) latest = epoch ? epoch->document.latest : 0;
  const JobActions actions = decide(transaction, std::nullopt, JobStarted{latest});
  if (actions.epoch) {
    job.epoch = *actions.epoch;
    if (epoch) {
      transaction.replace<Epoch>(epoch, {job.epoch});
    } else {
      transaction.insert<Epoch>({job.epoch});
    }
    const auto* batch = std::get_if<BatchDone>(&first.end);
    const bool takes = job.kind == JobKind::kDelete;
    check(takes == batch->range.has_value(), Invariant::kProtocol, "a batch of another kind");
    check(!takes ||
              (batch->range->lower == job.range.lower && batch->range->upper == job.range.upper),
          Invariant::kRange, "a deletion takes another range than was asked for");
    const bool forgets = transaction.mutant().lapse == Lapse::kTaken;
    job.deletion = transaction.insert<Deletion>({job.epoch, forgets ? std::nullopt : batch->range});
  }
  job.rest = *first.rest;
  job.started_at = transaction.now();
  job.state = *actions.save;
  const Id id = transaction.insert<Job>(job);
  if (actions.watch_at) set_watch(transaction, id, job.state, *actions.watch_at);
  if (actions.schedules_batch) schedule_batch(transaction, id, job.state.step);
  return id;
}

void run_count(Transaction& transaction, const JobRow& row) {
  const Job& job = row->document;
  const bool has_more = count_batch(transaction, row->id, job.range.lower, job.state.failures);
  const JobActions actions = decide(transaction, row, BatchEnded{has_more, false, false});
  carry_out(transaction, row, job, actions);
  transaction.at_commit([id = row->id, is_done = actions.end.has_value()](Model& model) {
    check(model.jobs.contains(id), Invariant::kProtocol, "a batch of a job that has ended");
    if (is_done) model.jobs.erase(id);
  });
}

void run_transfer(Transaction& transaction, const JobRow& row, const Json& request) {
  Job job = row->document;
  const auto kind = job.kind == JobKind::kMove ? TransferKind::kMove : TransferKind::kCopy;
  const Transferring transfer{kind, job.range, job.to, current_epoch(transaction)};
  const Carried batch = carry_transfer(transaction, transfer, request);
  const BatchDone done = transfer_end(transaction, transaction.model().jobs.at(row->id), batch);
  tell_transferred(transaction, transfer, batch);
  const JobActions actions =
      decide(transaction, row, BatchEnded{batch.rest.has_value(), done.error.has_value(), false});
  const bool goes_on = !actions.end;
  check(done.error.has_value() == (actions.end == JobEnd::kFailed), Invariant::kProtocol,
        "a job fails without a reason, or in spite of one does not");
  job.rest = batch.rest.value_or("");
  carry_out(transaction, row, job, actions);
  transaction.at_commit(
      [id = row->id, batch, done, goes_on, now = transaction.now()](Model& model) {
        const auto found = model.jobs.find(id);
        check(found != model.jobs.end(), Invariant::kProtocol, "a batch of a job that has ended");
        BatchDone reported = done;
        if (!goes_on) reported.rest.reset();
        model.transfer_batch(found->second, batch.deleted, batch.transferred, reported, now);
        model.transferred += batch.transferred.size();
        if (!goes_on) model.jobs.erase(found);
      });
}

void run(Transaction& transaction, const ScheduledCall& call) {
  const JobRow row = transaction.get<Job>(call.job);
  const JobActions due = decide(transaction, row, BatchDue{call.number});
  check_stale(due, row && row->document.state.step == call.number);
  if (!due.runs_batch) return;
  Job job = row->document;
  if (job.kind == JobKind::kCount) return run_count(transaction, row);
  const Json request{{"plan", "resume"},
                     {"from", job.rest},
                     {"epoch", job.epoch},
                     {"now", json_from_number(transaction.now())},
                     {"failures", job.state.failures}};
  if (job.kind == JobKind::kMove || job.kind == JobKind::kCopy) {
    return run_transfer(transaction, row, request);
  }
  const Carried batch = carry_resumed(transaction, request, job.kind == JobKind::kDelete);
  if (job.kind != JobKind::kDelete) clean_after_sweep(transaction, batch);
  const std::int64_t deleted = deleted_by(batch);
  job.deleted += deleted;
  const JobActions actions = decide(
      transaction, row, BatchEnded{batch.rest.has_value(), false, job.kind == JobKind::kSweep});
  const bool is_done = actions.end.has_value();
  job.rest = batch.rest.value_or("");
  carry_out(transaction, row, job, actions);
  transaction.at_commit([id = row->id, batch, deleted, is_done, counted = job.deleted,
                         now = transaction.now()](Model& model) {
    const auto found = model.jobs.find(id);
    check(found != model.jobs.end(), Invariant::kProtocol, "a batch of a job that has ended");
    const auto& [reached, order] = std::tie(found->second.reached, found->second.order);
    check(!batch.first_path || !reached || is_behind(*batch.first_path, *reached, order),
          Invariant::kFront, "a batch reads what an earlier one has dealt with");
    model.batch(found->second, batch.deleted, deleted, now, is_done);
    check(found->second.deleted == counted, Invariant::kCount, "a job miscounted its batches");
    if (is_done) model.jobs.erase(found);
  });
}

void watch(Transaction& transaction, const ScheduledCall& call) {
  const JobRow row = transaction.get<Job>(call.job);
  const JobActions actions = decide(transaction, row, WatchDue{call.number});
  check_stale(actions, row && row->document.state.failures == call.number);
  if (row) carry_out(transaction, row, row->document, actions);
}

void fire(Transaction& transaction, double at) {
  const auto timer = transaction.first<Timer>(Timer::kByTime, equal_to({at}));
  if (timer) transaction.remove<Timer>(timer);
  const Json request{
      {"plan", "sweep"}, {"now", json_from_number(at)}, {"since", json_from_number(at - 1000)}};
  const Carried first = carry(transaction, everything(), request, true);
  clean_after_sweep(transaction, first);
  const Id id = first.rest ? start_sweep(transaction, JobKind::kTimer, first) : 0;
  transaction.at_commit([first, at, id, deleted = deleted_by(first)](Model& model) {
    ModelJob job = model.sweep_of(JobKind::kTimer, at - 1000, at);
    model.batch(job, first.deleted, deleted, at, !first.rest);
    if (first.rest) model.jobs.emplace(id, std::move(job));
  });
}

}  // namespace

std::uint32_t current_epoch(Transaction& transaction) {
  const auto newest = transaction.last<Deletion>(Deletion::kByEpoch);
  if (transaction.mutant().lapse == Lapse::kReadSet) transaction.forget_reads_of(Deletion::kTable);
  if (transaction.mutant().lapse == Lapse::kStamp) return 0;
  return newest ? newest->document.epoch : 0;
}

WriteAround around_write(Transaction& transaction, const Bytes& path) {
  const auto newest = transaction.last<Deletion>(Deletion::kByEpoch);
  const Lapse lapse = transaction.mutant().lapse;
  if (lapse == Lapse::kReadSet) transaction.forget_reads_of(Deletion::kTable);
  if (!newest) return {};
  if (newest->document.roots) return {.deletions = {{}, newest->document.roots}};
  WriteAround around{newest->document.epoch, deletions_over(transaction, path, /*writes=*/true)};
  if (lapse == Lapse::kStamp) around.epoch = 0;
  return around;
}

Id start_deletion(Transaction& transaction, const KeyRange& range, const Carried& first) {
  // The component knows ranges by prefix, start and end: what is the same is the same range.
  const auto same_lower = equal_to({range.lower});
  for (const JobRow& same : transaction.read<Job>(Job::kByPrefix, same_lower, 1000)) {
    if (same->document.range.upper != range.upper) continue;
    const bool replaces_count = transaction.mutant().lapse == Lapse::kReplacesCount;
    if (same->document.kind != JobKind::kDelete && !replaces_count) continue;
    carry_out(transaction, same, same->document, decide(transaction, same, JobReplaced{}));
    transaction.at_commit([id = same->id](Model& model) { model.jobs.erase(id); });
  }
  Job job{JobKind::kDelete, range};
  job.deleted = deleted_by(first);
  return start(transaction, std::move(job), first, /*fences=*/true);
}

Id start_sweep(Transaction& transaction, JobKind kind, const Carried& first) {
  Job job{kind, {}};
  job.deleted = deleted_by(first);
  return start(transaction, std::move(job), first, /*fences=*/false);
}

Id start_transfer(Transaction& transaction, TransferKind kind, const KeyRange& source,
                  const Bytes& to, const Carried& first) {
  Job job{kind == TransferKind::kMove ? JobKind::kMove : JobKind::kCopy, source};
  job.to = to;
  return start(transaction, std::move(job), first, /*fences=*/true);
}

Id start_count(Transaction& transaction, const Bytes& prefix) {
  Carried none{};
  none.rest.emplace();
  const Id id = start(transaction, {JobKind::kCount, range_below(prefix)}, none, /*fences=*/false);
  transaction.at_commit([id](Model& model) {
    model.jobs.emplace(id, ModelJob{JobKind::kCount, {}, {}});
  });
  return id;
}

void clean_after_sweep(Transaction& transaction, const Carried& batch) {
  if (!batch.roots || transaction.mutant().lapse == Lapse::kSweepsAlone) return;
  transaction.schedule({Function::kClean, transaction.now()});
}

void tell_transferred(Transaction& transaction, const Transferring& transfer,
                      const Carried& batch) {
  const bool is_counted = may_count_below(transfer.source.lower, batch.roots) ||
                          may_count_below(transfer.to, batch.roots);
  if (is_counted) note_changes(transaction, batch.told);
}

bool is_sweeping(Transaction& transaction) {
  const auto kind = static_cast<double>(JobKind::kSweep);
  return transaction.first<Job>(Job::kByKind, equal_to({kind})) != nullptr;
}

void look_after_jobs(Transaction& transaction) {
  for (const auto& watch : transaction.read<Watch>(Watch::kByDue, everything(), 4)) {
    const bool is_pending = transaction.is_pending(watch->document.call);
    const WatchSeen seen{watch->document.due, is_pending};
    if (!decide(transaction, std::nullopt, seen).reads_job) continue;
    const JobRow row = transaction.get<Job>(watch->document.job);
    const JobActions actions = decide(transaction, row, JobSeen{is_pending});
    check(!row || is_pending || actions.watch_at, Invariant::kWatched,
          "nobody looks after a job whose watch was lost");
    if (actions.drops_watch) transaction.remove<Watch>(watch);
    if (row) carry_out(transaction, row, row->document, actions);
  }
}

Table<Watermark>::Row find_watermark(Transaction& transaction) {
  return transaction.first<Watermark>(0, everything());
}

void set_watermark(Transaction& transaction, const Table<Watermark>::Row& watermark,
                   double swept_until) {
  if (watermark) {
    transaction.replace<Watermark>(watermark, {swept_until});
  } else {
    transaction.insert<Watermark>({swept_until});
  }
}

void set_timer(Transaction& transaction, double expires_at) {
  // Those of a second share one.
  const double at = std::ceil(expires_at / 1000) * 1000;
  if (transaction.first<Timer>(Timer::kByTime, equal_to({at}))) return;
  transaction.insert<Timer>({at});
  transaction.schedule({Function::kFire, at});
}

std::int64_t deleted_by(const Carried& batch) {
  const auto* done = std::get_if<BatchDone>(&batch.end);
  check(done != nullptr, Invariant::kProtocol, "a batch that ends as none");
  return done->deleted;
}

// Whether a live entry of the source, as the transaction sees it, has a live one in its way.
bool has_conflict(const Transaction& transaction, const ModelJob& job) {
  const auto& rows = transaction.database().table<Entry>().index(Entry::kByPath);
  std::vector<convex_kv::Deletion> under_way;
  for (const auto& [key, row] : transaction.database().table<Deletion>().index(0)) {
    const Deletion& deletion = row->document;
    if (deletion.taken) under_way.push_back({*deletion.taken, deletion.epoch});
  }
  const auto is_live = [&transaction, deletions = Deletions(under_way)](const Entry& entry) {
    if (deletions.is_dead(entry.path, entry.epoch)) return false;
    return !entry.expires_at || !is_expired(*entry.expires_at, transaction.now());
  };
  return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
    const Entry& entry = row.second->document;
    if (!job.range.contains(entry.path) || !is_live(entry)) return false;
    if (job.handled.contains(entry.path)) return false;
    const Bytes image = job.image_of(entry.path);
    return std::any_of(rows.begin(), rows.end(), [&](const auto& other) {
      return other.second->document.path == image && is_live(other.second->document);
    });
  });
}

void check_failure(const Transaction& transaction, const ModelJob& job, const KvError& error) {
  if (error.code == ErrorCode::kConflict) {
    check(job.on_conflict == OnConflict::kError && has_conflict(transaction, job), Invariant::kLost,
          "a transfer met a conflict that there is not");
    return;
  }
  check(error.code == ErrorCode::kInvalidValue, Invariant::kProtocol, "a transfer fails");
}

BatchDone transfer_end(const Transaction& transaction, const ModelJob& job, const Carried& batch) {
  const auto* done = std::get_if<BatchDone>(&batch.end);
  check(done != nullptr, Invariant::kProtocol, "a batch that ends as none");
  if (done->error) check_failure(transaction, job, *done->error);
  return *done;
}

void run_scheduled(Transaction& transaction, const ScheduledCall& call) {
  switch (call.function) {
    case Function::kRun:
      return run(transaction, call);
    case Function::kWatch:
      return watch(transaction, call);
    case Function::kFire:
      return fire(transaction, call.at);
    case Function::kTidy:
      return tidy_prefix(transaction, call.of);
    case Function::kFlush:
      return flush_prefix(transaction, call.of, call.from);
    case Function::kClean:
      return clean_counted(transaction);
  }
}

}  // namespace convex_kv::simulation

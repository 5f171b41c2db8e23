#include "background.hpp"

#include <algorithm>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/rules/expiry.hpp"
#include "convex_kv/rules/lease.hpp"
#include "mutant.hpp"

namespace convex_kv::simulation {

namespace {

using JobRow = Table<Job>::Row;
using Function = ScheduledCall::Function;

void set_watch(Transaction& transaction, Id id, Job job) {
  job.watch = transaction.schedule({Function::kWatch, job.lease_until, id, job.failures});
  const JobRow row = transaction.get<Job>(id);
  transaction.replace<Job>(row, std::move(job));
}

// An epoch that none had before, and the row that makes writers stamp their entries with it.
void shield(Transaction& transaction, Job& job) {
  const auto latest = transaction.first<Epoch>(0, everything());
  job.epoch = latest ? latest->document.latest + 1 : 1;
  if (latest) {
    transaction.replace<Epoch>(latest, {job.epoch});
  } else {
    transaction.insert<Epoch>({job.epoch});
  }
  job.deletion = transaction.insert<Deletion>({job.epoch});
}

Id start(Transaction& transaction, Job job, const Carried& first) {
  job.rest = *first.rest;
  job.started_at = transaction.now();
  job.lease_until = lease_until(transaction.now(), 0);
  const Id id = transaction.insert<Job>(job);
  set_watch(transaction, id, job);
  transaction.schedule({Function::kRun, transaction.now(), id, 0});
  return id;
}

void end(Transaction& transaction, const JobRow& row) {
  const Job& job = row->document;
  transaction.cancel(job.watch);
  if (job.deletion != 0) {
    transaction.remove<Deletion>(transaction.get<Deletion>(job.deletion));
  }
  transaction.remove<Job>(row);
}

Job go_on(Transaction& transaction, const JobRow& row, Job job) {
  ++job.step;
  job.lease_until = lease_until(transaction.now(), job.failures);
  transaction.replace<Job>(row, job);
  transaction.schedule({Function::kRun, transaction.now(), row->id, job.step});
  return job;
}

void take_over(Transaction& transaction, const JobRow& row) {
  if (transaction.mutant().lapse == Lapse::kTakeover) return;
  Job job = row->document;
  ++job.failures;
  job = go_on(transaction, row, std::move(job));
  set_watch(transaction, row->id, std::move(job));
}

void run_transfer(Transaction& transaction, const JobRow& row, const Json& request) {
  Job job = row->document;
  const auto kind = job.kind == JobKind::kMove ? TransferKind::kMove : TransferKind::kCopy;
  const TransferHands hands{kind, job.range, job.to, current_epoch(transaction)};
  const Carried batch = carry_transfer(transaction, hands, request);
  const TransferDone done = transfer_end(transaction, transaction.model().jobs.at(row->id), batch);
  const bool goes_on = batch.rest && transaction.mutant().lapse != Lapse::kEnd;
  if (goes_on) {
    job.rest = *batch.rest;
    go_on(transaction, row, job);
  } else {
    end(transaction, row);
  }
  transaction.at_commit(
      [id = row->id, batch, done, goes_on, now = transaction.now()](Model& model) {
        const auto found = model.jobs.find(id);
        check(found != model.jobs.end(), Invariant::kProtocol, "a batch of a job that has ended");
        TransferDone said = done;
        if (!goes_on) said.rest.reset();
        model.transfer_batch(found->second, batch.deleted, batch.transferred, said, now);
        model.transferred += batch.transferred.size();
        if (!goes_on) model.jobs.erase(found);
      });
}

void run(Transaction& transaction, const ScheduledCall& call) {
  const JobRow row = transaction.get<Job>(call.job);
  if (!row || row->document.step != call.number) return;
  Job job = row->document;
  const Json request{{"plan", "resume"},
                     {"from", job.rest},
                     {"epoch", job.epoch},
                     {"now", json_from_number(transaction.now())},
                     {"failures", job.failures}};
  if (job.kind == JobKind::kMove || job.kind == JobKind::kCopy) {
    return run_transfer(transaction, row, request);
  }
  const Carried batch = carry(transaction, everything(), request, true);
  const std::int64_t deleted = deleted_by(batch);
  job.deleted += deleted;
  const bool is_done = !batch.rest || transaction.mutant().lapse == Lapse::kEnd;
  if (!is_done) {
    job.rest = *batch.rest;
    go_on(transaction, row, job);
  } else {
    end(transaction, row);
    if (job.kind == JobKind::kSweep) {
      set_mark(transaction, the_mark(transaction), job.started_at);
    }
  }
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
  if (!row || row->document.failures != call.number) return;
  if (is_expired(row->document.lease_until, transaction.now())) {
    take_over(transaction, row);
  } else {
    set_watch(transaction, row->id, row->document);
  }
}

void ring(Transaction& transaction, double at) {
  const auto timer = transaction.first<Timer>(Timer::kByTime, equal_to({at}));
  if (timer) transaction.remove<Timer>(timer);
  const Json request{
      {"plan", "sweep"}, {"now", json_from_number(at)}, {"since", json_from_number(at - 1000)}};
  const Carried first = carry(transaction, everything(), request, true);
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

Id start_deletion(Transaction& transaction, const KeyRange& range, const Carried& first) {
  // The component knows ranges by prefix, start and end: what is the same is the same range.
  const auto same_lower = equal_to({range.lower});
  for (const JobRow& same : transaction.read<Job>(Job::kByPrefix, same_lower, 1000)) {
    if (same->document.range.upper != range.upper) continue;
    end(transaction, same);
    transaction.at_commit([id = same->id](Model& model) { model.jobs.erase(id); });
  }
  Job job{JobKind::kDelete, range};
  job.deleted = deleted_by(first);
  shield(transaction, job);
  return start(transaction, std::move(job), first);
}

Id start_sweep(Transaction& transaction, JobKind kind, const Carried& first) {
  Job job{kind, {}};
  job.deleted = deleted_by(first);
  return start(transaction, std::move(job), first);
}

Id start_transfer(Transaction& transaction, TransferKind kind, const KeyRange& source,
                  const Bytes& to, const Carried& first) {
  Job job{kind == TransferKind::kMove ? JobKind::kMove : JobKind::kCopy, source};
  job.to = to;
  shield(transaction, job);
  return start(transaction, std::move(job), first);
}

bool is_sweeping(Transaction& transaction) {
  const auto kind = static_cast<double>(JobKind::kSweep);
  return transaction.first<Job>(Job::kByKind, equal_to({kind})) != nullptr;
}

void take_over_stale(Transaction& transaction) {
  const KeyRange stale{{}, equal_to({transaction.now()}).upper};
  for (const JobRow& job : transaction.read<Job>(Job::kByLease, stale, 4)) {
    take_over(transaction, job);
  }
}

Table<Mark>::Row the_mark(Transaction& transaction) {
  return transaction.first<Mark>(0, everything());
}

void set_mark(Transaction& transaction, const Table<Mark>::Row& mark, double swept_until) {
  if (mark) {
    transaction.replace<Mark>(mark, {swept_until});
  } else {
    transaction.insert<Mark>({swept_until});
  }
}

void set_timer(Transaction& transaction, double expires_at) {
  const double at = *timer_of(expires_at, transaction.now());
  if (transaction.first<Timer>(Timer::kByTime, equal_to({at}))) return;
  transaction.insert<Timer>({at});
  transaction.schedule({Function::kRing, at});
}

std::int64_t deleted_by(const Carried& batch) {
  const auto* done = std::get_if<BatchDone>(&batch.end);
  check(done != nullptr, Invariant::kProtocol, "a batch that ends as none");
  return done->deleted;
}

// Whether a live entry of the source, as the transaction sees it, has a live one in its way.
bool has_conflict(const Transaction& transaction, const ModelJob& job) {
  const auto& rows = transaction.database().table<Entry>().index(Entry::kByPath);
  const auto is_live = [&transaction](const Entry& entry) {
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

TransferDone transfer_end(const Transaction& transaction, const ModelJob& job,
                          const Carried& batch) {
  const auto* done = std::get_if<TransferDone>(&batch.end);
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
    case Function::kRing:
      return ring(transaction, call.at);
  }
}

}  // namespace convex_kv::simulation

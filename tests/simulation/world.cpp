#include "world.hpp"

#include <algorithm>
#include <utility>

#include "background.hpp"
#include "convex_kv/base/limits.hpp"
#include "counted/counted_checks.hpp"
#include "support/random.hpp"
#include "support/random_key.hpp"

namespace convex_kv::simulation {

namespace {

using test::Random;

constexpr TransactionLimits kWhole{kTransactionBytesRead, kTransactionDocumentsRead,
                                   kTransactionDocumentsWritten, kTransactionQueries,
                                   kTransactionBytesWritten};

// Clocks are late by less, and transactions take no longer: together less than a sweep allows for.
constexpr double kLatestClock = 20'000;
constexpr double kLongestTransaction = 20'000;

// More rounds than any work takes: one a batch, and an hour between two tries at the most.
constexpr int kMostRounds = 3000;

constexpr double kVacuumEvery = 5 * 60'000;

// Of counted prefixes, when all else is done.
constexpr int kLastReads = 10;

// Of a caller who has done other things before, or gives a call lower limits: all there is, or
// enough for a few rows, or for none.
TransactionLimits callers_limits(Random& random) {
  if (random.chance(30)) return kWhole;
  return {kWhole.bytes_read / 8 + random.between(-1000, kWhole.bytes_read / 2),
          random.between(10, 140), random.between(10, 90), random.between(12, 50),
          random.between(1 << 17, kWhole.bytes_written)};
}

// Of a query: all there is, or enough for a few rows.
TransactionLimits readers_limits(Random& random) {
  if (random.chance(30)) return kWhole;
  return {random.between(1 << 20, kWhole.bytes_read), random.between(1, 60), 0,
          random.between(1, 20), 0};
}

// Of a mutation of our own: the platform's limits, as if they were lower.
TransactionLimits batch_limits(Random& random) {
  if (random.chance(20)) return kWhole;
  return {random.between(3 << 20, kWhole.bytes_read), random.between(50, 120),
          random.between(40, 80), random.between(40, 60),
          random.between(10 << 20, kWhole.bytes_written)};
}

// Whether a commit may have changed what is counted, or what is there.
bool touches_counted(const std::vector<Touch>& touched) {
  return std::ranges::any_of(touched, [](const Touch& touch) {
    return touch.table == Entry::kTable || touch.table == Deletion::kTable ||
           touch.table >= CountedPrefix::kTable;
  });
}

}  // namespace

void World::step(const Step& step) {
  Random random(step.bits);
  switch (step.kind) {
    case Step::Kind::kTick:
      pass_time(static_cast<double>(random.chance(70) ? random.below(8) : random.below(400)) * 500);
      break;
    case Step::Kind::kQuery:
      query(step.calls.front(), step.bits);
      break;
    case Step::Kind::kMutation:
      start({[calls = step.calls](Transaction& transaction) {
               for (const Call& call : calls) call.operation->run(transaction, call);
             },
             step.bits, std::nullopt, now_, nullptr},
            step.commits, step.calls.size() == 1);
      break;
    case Step::Kind::kCommit:
      if (!under_way_.empty()) {
        const auto chosen =
            under_way_.begin() + static_cast<std::ptrdiff_t>(random.below(under_way_.size()));
        UnderWay transaction = std::move(*chosen);
        under_way_.erase(chosen);
        commit(std::move(transaction));
      }
      break;
    case Step::Kind::kScheduled:
    case Step::Kind::kCrash: {
      const auto due = scheduled_calls(/*due=*/true);
      if (due.empty()) break;
      const Id id = random.pick(due);
      if (step.kind == Step::Kind::kScheduled) {
        start(scheduled(id, step.bits), step.commits, true);
      } else if (scheduler_.at(id).function != ScheduledCall::Function::kFire) {
        UnderWay transaction = scheduled(id, step.bits);
        begin(transaction, true);
        lose(id);
        ++tally_.failures;
      }
      break;
    }
    case Step::Kind::kLose: {
      auto calls = scheduled_calls(/*due=*/false);
      std::erase_if(calls, [this](Id id) {
        return scheduler_.at(id).function == ScheduledCall::Function::kFire;
      });
      if (!calls.empty()) lose(random.pick(calls));
      break;
    }
    case Step::Kind::kRestore: {
      // Whatever is under way belongs to the deployment that was.
      under_way_.clear();
      for (const Id id : scheduled_calls(/*due=*/false)) {
        if (scheduler_.at(id).function != ScheduledCall::Function::kFire) lose(id);
      }
      break;
    }
  }
}

void World::finish() {
  while (!under_way_.empty()) {
    UnderWay transaction = std::move(under_way_.back());
    under_way_.pop_back();
    commit(std::move(transaction));
  }
  work_off(1);
  check_expired(true, Invariant::kExact, "an entry has stayed that expires exactly");
  read_counted(4);
  pass_time(300'000);  // longer than any entry lives, and by any clock
  vacuum(2);
  work_off(3);
  check_expired(false, Invariant::kVacuumed, "an expired entry has stayed after a vacuum");
  check_counted_clean(database_, model_);
}

Conditions World::conditions(std::uint64_t bits, bool is_ours, bool may_hide_limits) const {
  Random random(bits ^ 0x5DEECE66D);
  const double late =
      random.chance(25) ? static_cast<double>(random.below(40)) * kLatestClock / 40 : 0;
  if (may_hide_limits && random.chance(10)) return {now_ - late, kWhole, false};
  return {now_ - late, is_ours ? batch_limits(random) : callers_limits(random), true};
}

bool World::begin(UnderWay& running, bool may_hide_limits) {
  const bool is_ours = running.scheduled.has_value();
  running.transaction = std::make_unique<Transaction>(
      database_, scheduler_, log_.size(), conditions(running.bits, is_ours, may_hide_limits),
      next_id_, model_, mutant_);
  try {
    running.code(*running.transaction);
    return true;
  } catch (const Refused&) {
    return false;
  } catch (const LimitExceeded&) {
    // A user's mutation may exceed its limits; the component's own may not.
    check(!is_ours, Invariant::kLimits, "the bookkeeping of a batch did not fit its transaction");
    return false;
  }
}

void World::start(UnderWay running, bool commits, bool may_hide_limits) {
  running.began = now_;
  if (!begin(running, may_hide_limits)) return;
  if (commits) {
    commit(std::move(running));
  } else {
    under_way_.push_back(std::move(running));
  }
}

void World::commit(UnderWay running) {
  const bool is_late = now_ - running.began > kLongestTransaction;
  if (!is_late && try_commit(running)) return;
  ++tally_.conflicts;
  if (begin(running, /*may_hide_limits=*/false)) try_commit(running);
}

bool World::try_commit(const UnderWay& running) {
  const Transaction& transaction = *running.transaction;
  for (std::size_t i = transaction.version(); i < log_.size(); ++i) {
    if (transaction.conflicts_with(log_[i])) return false;
  }
  if (transaction.conflicts_with_scheduler()) return false;
  // A scheduled call that was cancelled meanwhile does not come.
  if (running.scheduled && !scheduler_.contains(*running.scheduled)) return true;
  if (transaction.version() == log_.size()) {
    database_ = transaction.database();
  } else {
    transaction.apply_to(database_);
  }
  log_.push_back(transaction.touched());
  if (running.scheduled) scheduler_.erase(*running.scheduled);
  for (const auto& [id, call] : transaction.scheduled()) {
    scheduler_.emplace(id, call);
    if (call.function != ScheduledCall::Function::kRun) continue;
    check(batches_.emplace(call.job, call.number).second, Invariant::kScheduled,
          "two calls for batches of a job have the same number");
  }
  for (const Id id : transaction.cancelled()) scheduler_.erase(id);
  transaction.tell(model_);
  check_tables();
  check_jobs();
  if (touches_counted(transaction.touched())) check_counted(database_, model_);
  return true;
}

void World::query(const Call& call, std::uint64_t bits) {
  Random random(bits);
  Conditions conditions = this->conditions(bits, false, true);
  if (conditions.tells_limits) conditions.limits = readers_limits(random);
  Transaction transaction(database_, scheduler_, log_.size(), conditions, next_id_, model_,
                          mutant_);
  try {
    call.operation->run(transaction, call);
  } catch (const LimitExceeded&) {
    return;
  }
  transaction.tell(model_);
}

// Whatever was to be counted is.
void World::read_counted(std::uint64_t bits) {
  Random random(bits ^ next_id_);
  for (int i = 0; i < kLastReads; ++i) {
    test::Key prefix;
    if (random.chance(60)) prefix = test::random_path(random, 2);
    query({&kCounted, std::move(prefix), random.bits(), true}, random.bits());
  }
}

void World::pass_time(double ms) {
  now_ += ms;
  model_.now = now_;
}

void World::vacuum(std::uint64_t bits) {
  const Call call{&kVacuum, {}, bits, false};
  start({[call](Transaction& transaction) { call.operation->run(transaction, call); }, bits,
         std::nullopt, now_, nullptr},
        true, false);
}

std::vector<Id> World::scheduled_calls(bool due) const {
  std::vector<Id> ids;
  for (const auto& [id, call] : scheduler_) {
    const bool is_under_way =
        std::any_of(under_way_.begin(), under_way_.end(),
                    [id = id](const UnderWay& running) { return running.scheduled == id; });
    if (!is_under_way && (!due || call.at <= now_)) ids.push_back(id);
  }
  return ids;
}

World::UnderWay World::scheduled(Id id, std::uint64_t bits) {
  if (scheduler_.at(id).function == ScheduledCall::Function::kRun) ++tally_.batches;
  return {
      [call = scheduler_.at(id)](Transaction& transaction) { run_scheduled(transaction, call); },
      bits, id, now_, nullptr};
}

// All scheduled calls come when they are due. If none is left and work is, a vacuum comes by.
void World::work_off(std::uint64_t bits) {
  Random random(bits);
  for (int round = 0; round < kMostRounds; ++round) {
    const auto due = scheduled_calls(/*due=*/true);
    if (!due.empty()) {
      start(scheduled(due.front(), random.bits()), true, true);
      continue;
    }
    double next = kForever;
    for (const auto& [id, call] : scheduler_) next = std::min(next, call.at);
    if (next < kForever) {
      pass_time(next - now_);
      continue;
    }
    if (database_.table<Job>().index(0).empty()) {
      const auto& deletions = database_.table<Deletion>().index(Deletion::kByEpoch);
      check(deletions.empty() || deletions.rbegin()->second->document.roots, Invariant::kEnds,
            "a deletion is under way whose job has ended");
      check(model_.jobs.empty(), Invariant::kEnds, "a job has ended without a word");
      return;
    }
    pass_time(kVacuumEvery);
    vacuum(random.bits());
  }
  throw Violation{Invariant::kEnds, "background work does not end"};
}

void World::check_tables() const {
  const auto& rows = database_.table<Entry>().index(Entry::kByPath);
  const auto& [entries, dead] = std::tie(model_.entries, model_.dead);
  check(rows.size() == entries.size() + dead.size(), Invariant::kReads,
        "the table is not what it should");
  for (const auto& [key, row] : rows) {
    const Bytes& path = row->document.path;
    const auto& kept = dead.contains(path) ? dead : entries;
    const auto entry = kept.find(path);
    check(entry != kept.end() && entry->second.version == row->document.version, Invariant::kReads,
          "the table is not what it should");
  }
}

// A call that never comes: something else has to notice that its work is left.
void World::lose(Id scheduled) { lost_.insert(scheduler_.extract(scheduled)); }

// Each job continues: its next batch is scheduled, and a call looks after it, unless they were
// lost.
void World::check_jobs() const {
  const auto comes = [this](Id id) { return scheduler_.contains(id) || lost_.contains(id); };
  const auto& watches = database_.table<Watch>().index(0);
  const auto& jobs = database_.table<Job>().index(0);
  check(watches.size() == jobs.size(), Invariant::kWatched, "a job has no watch, or two");
  for (const auto& [key, watch] : watches) {
    const auto job = database_.table<Job>().find(watch->document.job);
    check(job != nullptr, Invariant::kWatched, "a watch of no job");
    check(comes(watch->document.call), Invariant::kWatched, "a watch without a call");
    check(watch->document.due <= job->document.state.lease_until, Invariant::kWatched,
          "a watch that comes after the lease");
  }
  for (const auto& [key, job] : jobs) {
    const auto is_next = [&job = *job](const auto& scheduled) {
      const ScheduledCall& call = scheduled.second;
      return call.function == ScheduledCall::Function::kRun && call.job == job.id &&
             call.number == job.document.state.step;
    };
    const auto times = std::count_if(scheduler_.begin(), scheduler_.end(), is_next);
    const bool is_lost = std::any_of(lost_.begin(), lost_.end(), is_next);
    check(times == 1 || (times == 0 && is_lost), Invariant::kScheduled,
          "a job's next batch is not scheduled, or is twice");
  }
}

void World::check_expired(bool exact_only, Invariant invariant, const char* what) const {
  for (const auto& [path, entry] : model_.entries) {
    if (exact_only && !entry.exact) continue;
    check(Model::is_live(entry, now_ - (exact_only ? 1000 : 0)), invariant, what);
  }
}

Tally World::tally() const {
  Tally tally = tally_;
  tally.commits = log_.size();
  tally.next_pages = model_.next_pages;
  tally.survivors = model_.survivors;
  tally.transferred = model_.transferred;
  tally.counted = model_.counted;
  tally.tallied = model_.tallied;
  return tally;
}

Tally tally_of(const History& history) {
  const Mutant none;
  World world(none);
  for (const Step& step : history) world.step(step);
  world.finish();
  return world.tally();
}

std::optional<Violation> run(const History& history, const Mutant& mutant) {
  World world(mutant);
  try {
    for (const Step& step : history) world.step(step);
    world.finish();
  } catch (const Violation& violation) {
    return violation;
  }
  return std::nullopt;
}

}  // namespace convex_kv::simulation

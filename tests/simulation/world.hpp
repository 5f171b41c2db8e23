// A deployment: the tables, the clock, the scheduler, the transactions that are under way, and the
// model that judges them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "history.hpp"
#include "model.hpp"
#include "mutant.hpp"
#include "transaction.hpp"

namespace convex_kv::simulation {

// What happened in a run, so that tests can check that enough did.
struct Tally {
  std::size_t commits = 0;
  std::size_t conflicts = 0;    // transactions that ran again
  std::size_t batches = 0;      // of background work
  std::size_t failures = 0;     // of these, those that threw
  std::size_t next_pages = 0;   // of scans that went on
  std::size_t survivors = 0;    // entries that a deletion under way passed over
  std::size_t transferred = 0;  // entries that background work moved or copied
  std::size_t counted = 0;      // and that were there before their prefix was counted
  std::size_t tallied = 0;      // reads of counted prefixes with several branches

  friend bool operator==(const Tally&, const Tally&) = default;
};

class World {
 public:
  explicit World(const Mutant& mutant) : mutant_(mutant) { model_.now = now_; }

  // Each throws a Violation.
  void step(const Step& step);
  // The writers stop. What is under way finishes, and a last vacuum deletes the rest.
  void finish();

  Tally tally() const;

 private:
  using Code = std::function<void(Transaction&)>;

  struct UnderWay {
    Code code;
    std::uint64_t bits;  // of its conditions
    std::optional<Id> scheduled;
    double began;
    std::unique_ptr<Transaction> transaction;
  };

  Conditions conditions(std::uint64_t bits, bool is_ours, bool may_hide_limits) const;
  // Runs its code on what is committed now. False if the transaction did not commit.
  bool begin(UnderWay& transaction, bool may_hide_limits);
  void start(UnderWay transaction, bool commits, bool may_hide_limits);
  void commit(UnderWay transaction);
  bool try_commit(const UnderWay& transaction);
  void query(const Call& call, std::uint64_t bits);
  void read_counted(std::uint64_t bits);
  void pass_time(double ms);
  void vacuum(std::uint64_t bits);

  std::vector<Id> scheduled_calls(bool due) const;
  UnderWay scheduled(Id id, std::uint64_t bits);
  void work_off(std::uint64_t bits);
  void lose(Id scheduled);
  void check_tables() const;
  void check_jobs() const;
  void check_expired(bool exact_only, Invariant invariant, const char* what) const;

  const Mutant& mutant_;
  double now_ = 1'755'000'000'000;
  Id next_id_ = 0;
  Database database_;
  std::vector<std::vector<Touch>> log_;  // what each commit wrote
  Scheduler scheduler_;
  std::set<std::pair<Id, std::int64_t>> batches_;  // all that ever were scheduled
  Scheduler lost_;                                 // calls that never came, or failed
  std::vector<UnderWay> under_way_;
  Model model_;
  Tally tally_;
};

// The violation that a history leads to, if it does.
std::optional<Violation> run(const History& history, const Mutant& mutant);

// What happens in one that violates nothing.
Tally tally_of(const History& history);

}  // namespace convex_kv::simulation

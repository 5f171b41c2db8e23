// Runs a plan's steps on a simulated table, as the component does on ctx.db, in one transaction
// whose limits are the platform's: the first step that goes beyond them fails the test, and so does
// a page whose values do. (The values are wanted: Row says what they take.)
#pragma once

#include <vector>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/budget/budget.hpp"
#include "convex_kv/plans/plan.hpp"
#include "convex_kv/plans/transfer_progress.hpp"
#include "simulated_table.hpp"

namespace convex_kv::test {

inline constexpr TransactionLimits kWholeRoom{kTransactionBytesRead, kTransactionDocumentsRead,
                                              kTransactionDocumentsWritten, kTransactionQueries,
                                              kTransactionBytesWritten};

struct PlanRun {
  Step end;                        // PageDone, CountDone, ChildrenDone, BatchDone or KvError
  std::vector<Read> asked;         // every Read
  std::vector<Row> read;           // every row read, in order
  std::vector<Row> page;           // the rows that a PageDone names
  std::vector<Row> deleted;        // in order
  std::int64_t bytes_written = 0;  // by transfers
  int clock_asks = 0;              // how often the plan asked for the time
  TransactionLimits left;          // what the transaction may still do

  // Each fails the test if the plan ended in another way.
  const PageDone& page_done() const;
  const CountDone& count_done() const;
  const ChildrenDone& children_done() const;
  const BatchDone& batch_done() const;
  const TransferDone& transfer_done() const;
  const KvError& error() const;

  // Whether another row of any size could still be read.
  bool has_room() const;
};

// The same for a move or copy: `to_do` says which, and `stamp` is the epoch of what is written.
struct TransferHands {
  TransferProgress to_do;
  std::uint32_t stamp;
};
PlanRun run_transfer(Plan& plan, SimulatedTable& table, TransactionLimits room, double now,
                     const TransferHands& hands);

// `now` is given to the plan if it asks for the time.
PlanRun run_plan(Plan& plan, SimulatedTable& table, TransactionLimits room, double now);

}  // namespace convex_kv::test

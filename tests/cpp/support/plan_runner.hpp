// Runs a plan's steps on a simulated table, as the component does on ctx.db, in one transaction
// whose limits are the platform's: the first step that goes beyond them fails the test, and so does
// a page whose values do. (The values are wanted: Row says what they take.)
#pragma once

#include <optional>
#include <vector>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/budget/budget.hpp"
#include "convex_kv/plans/delete_progress.hpp"
#include "convex_kv/plans/plan.hpp"
#include "convex_kv/plans/sweep_progress.hpp"
#include "convex_kv/plans/transfer_progress.hpp"
#include "simulated_table.hpp"

namespace convex_kv::test {

inline constexpr TransactionLimits kPlatformLimits{kTransactionBytesRead, kTransactionDocumentsRead,
                                                   kTransactionDocumentsWritten,
                                                   kTransactionQueries, kTransactionBytesWritten};

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
  const KvError& error() const;

  // Where the next batch continues, as a job would read it; nullopt if the work is complete. Each
  // fails the test if that is not of its kind.
  std::optional<DeleteProgress> delete_rest() const;
  std::optional<SweepProgress> sweep_rest() const;
  std::optional<TransferProgress> transfer_rest() const;

  // Whether another row of any size could still be read.
  bool has_room() const;
};

// A move or copy, and the epoch of what it writes.
struct Transferring {
  TransferProgress progress;
  std::uint32_t stamp;
};

// The same for a plan of such a transfer.
PlanRun run_transfer(Plan& plan, SimulatedTable& table, TransactionLimits limits, double now,
                     const Transferring& transfer);

// `now` is given to the plan if it asks for the time.
PlanRun run_plan(Plan& plan, SimulatedTable& table, TransactionLimits limits, double now);

}  // namespace convex_kv::test

// One batch of a move or copy of a subtree: every live entry of a range gets the same key below
// another prefix.
//
// It reads a run of the source, and then, in one range, what is at the destination between the
// images of the run's first and last row. Both have the same order, so the two are merged; if the
// second read ends early, the source is done up to there and the next read continues behind it. So
// it takes no query for each row.
//
// What is written later. A transfer that outlives its first transaction has an epoch, as a deletion
// has (delete_plan.hpp).
//   - A move passes over source rows of its epoch or a later one: they stay. A copy takes what
//     is there when a batch gets there, and has no need to tell.
//   - A destination row of its epoch or a later one was written after the call, and wins: with
//     kOverwrite the entry counts as transferred first and overwritten since, so that a move
//     deletes it at the source and a copy does nothing. With kError and kSkip it is in the way as
//     any other is.
//   - An expired row is none, at either side: sweeps may delete it at any time. At the destination
//     it is replaced.
//   - What is transferred is stamped, as `set` does it, with the newest epoch under way when it is
//     written. So a deletion or move of the destination that began before that passes over it,
//     since it was not there then; and one that begins afterwards takes it. At the source what a
//     deletion has taken is not there any more, whether its rows are deleted yet or not; and what
//     another move has not got to yet is there, and goes to whichever comes first.
//
// Between any two batches an entry that is moved is at exactly one place.
#pragma once

#include <cstdint>
#include <optional>

#include "convex_kv/budget/budget.hpp"
#include "convex_kv/plans/plan.hpp"
#include "convex_kv/plans/transfer_progress.hpp"

namespace convex_kv {

class TransferPlan final : public Plan {
 public:
  // Ends in BatchDone; with kAllEpochs, in the transaction that asks, in a KvError instead if it
  // fails: conflict (kError alone), invalid_key if an image is too long for a key, invalid_value if
  // it makes the row too large.
  TransferPlan(TransferProgress from, std::uint32_t epoch, double now, Budget budget);

 private:
  Step handle_start() override { return read_source(); }
  Step handle_rows(Rows rows) override;
  Step handle_written() override { return go_on(); }

  Step read_source();
  Step read_destination();
  Step merge(const Rows& destination, std::uint32_t position);
  Step go_on();
  Step done(bool has_more) const;

  // Whether a row of the source is to be transferred.
  bool is_due(const Row& row) const;
  bool is_live(const Row& row) const;
  // The row is done.
  void pass(const Row& row) { progress_.after = row.path; }
  // Why it cannot be stored at the destination.
  std::optional<KvError> refuse(const Row& row) const;
  TransactionLimits cost_of(const Row& row) const;

  TransferProgress progress_;
  std::uint32_t epoch_;
  double now_;
  Budget budget_;

  std::int64_t transferred_ = 0;
  std::int64_t skipped_ = 0;
  std::optional<KvError> failure_;
  bool full_ = false;  // the next row is too much for this batch

  std::uint32_t rows_read_ = 0;

  // The run of the source: its rows, the position of the first among all rows read, and the first
  // that is not done.
  Rows run_{{}, false};
  std::uint32_t run_position_ = 0;
  std::size_t next_ = 0;

  // Of the latest read of the destination: whether it is under way, the row of the run behind the
  // last one that it looks for, and how many rows the next may read. Few, if many lie between the
  // images.
  bool reads_destination_ = false;
  std::size_t sought_ = 0;
  std::int64_t reach_ = 0;
};

}  // namespace convex_kv

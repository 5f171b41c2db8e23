// The loop that all deletions share: read a few rows, delete those that are due, read on after
// them, until nothing is left or the budget is spent.
#pragma once

#include <string>
#include <vector>

#include "convex_kv/budget/budget.hpp"
#include "convex_kv/plans/plan.hpp"

namespace convex_kv {

class BatchPlan : public Plan {
 protected:
  explicit BatchPlan(Budget budget) : budget_(budget) {}

  // What is to be done with a row.
  struct Verdict {
    bool is_due;    // delete it
    bool is_entry;  // and count it
  };

  virtual Index index() const = 0;
  virtual Order order() const { return Order::kAscending; }
  // The range still to be read.
  virtual std::vector<Bound> bounds() const = 0;
  virtual Verdict judge(const Row& row) const = 0;
  // All rows up to and including `row` are done.
  virtual void advance(const Row& row) = 0;
  // The range of bounds() may hold more rows behind the last one that is done.
  virtual void continue_range() {}
  // It holds no more. Whether the work is complete.
  virtual bool finish_range() = 0;
  // What a job keeps of it, from which the next batch continues.
  virtual std::string rest() const = 0;
  // What is dead from now on, until it is all deleted: if this batch is the first.
  virtual std::optional<KeyRange> taken() const { return std::nullopt; }

 private:
  Step handle_start() final;
  Step handle_rows(Rows rows) final;
  Step handle_written() final;

  Step read_more();
  Step go_on();
  Step done(bool has_more) const;

  Budget budget_;
  std::int64_t deleted_ = 0;
  std::uint32_t rows_read_ = 0;

  // Of the latest read: whether the range holds no more, and whether it holds a row that is due and
  // too much for this batch.
  bool exhausted_ = false;
  bool full_ = false;
};

}  // namespace convex_kv

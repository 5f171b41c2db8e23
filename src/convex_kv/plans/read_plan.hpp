// What the plans that only read have in common: they walk a range in one direction, row by row,
// continue where the page before ended, and ask for the time when they meet the first row with an
// expiry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "convex_kv/budget/budget.hpp"
#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/plans/plan.hpp"

namespace convex_kv {

class ReadPlan : public Plan {
 protected:
  // After the sort key `after` (exclusive; nullopt: from the start) in that order.
  ReadPlan(KeyRange range, std::optional<Bytes> after, std::int64_t limit, Budget budget,
           Order order);

  // Deals with the rows of the latest read, from `next_` on. Called again after the time is known.
  virtual Step take_rows() = 0;

  // Whether the time is needed to know whether a row is live; and, if it is not needed or known,
  // whether the row is.
  bool needs_clock(const Row& row) const { return row.expires_at && !now_ && !is_dead(row); }
  bool is_live(const Row& row) const;

  // The next read of `range`, behind the position. It ends where deletions under way begin, and
  // where they do it looks for what is fresh alone.
  Read read_on(const KeyRange& range, const ReadAllowance& allowance,
               std::int64_t max_value_bytes = Read::kNoBound);
  // Whether the latest of these reads has reached the end of the range. To be called once for each.
  bool ends_range();

  // Whether no row was processed yet; and the error if the budget ends in one.
  bool is_at_start() const { return position_ == start_; }
  static KvError cannot_read_on(const char* call);

  KeyRange range_;
  std::optional<Bytes> start_;     // the position that the plan set out from
  std::optional<Bytes> position_;  // all up to here is done
  std::int64_t limit_;
  Budget budget_;
  Order order_;

  Rows rows_{{}, false};        // of the latest read
  std::size_t next_ = 0;        // the first of them that is not processed
  bool found_live_ = false;     // whether any of those that count is live
  std::int64_t rows_read_ = 0;  // in all

 private:
  Step handle_rows(Rows rows) final;
  Step handle_clock(double now) final;

  // Of the stretch of the latest read: its far bound, and whether no other follows.
  Bytes stretch_end_;
  bool is_last_stretch_ = false;
  std::optional<Bytes> boundary_;  // of the stretches that are done

  std::optional<double> now_;
};

}  // namespace convex_kv

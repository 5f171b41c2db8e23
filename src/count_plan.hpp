// Counts the live entries of a range, as many as one transaction can look at.
#pragma once

#include <optional>

#include "budget.hpp"
#include "key_range.hpp"
#include "plan.hpp"

namespace convex_kv {

class CountPlan final : public Plan {
 public:
  // At most `limit` entries (1 or more) after the sort key `after` (exclusive; nothing: from the
  // start) in that order. Ends in CountDone, or in transaction_full where the transaction has no
  // room to get any further. is_done: there are no more. Not is_done at the limit: one more
  // follows; at the budget's end: it was not looked at.
  CountPlan(KeyRange range, std::optional<Bytes> after, std::int64_t limit, Budget budget,
            Order order);

  Step start() override;
  Step on_rows(Rows rows) override;
  Step on_clock(double now) override;

 private:
  Step read_more();
  Step take_rows();
  Step done(bool is_done);

  KeyRange range_;
  std::optional<Bytes> start_;     // the position that the count set out from
  std::optional<Bytes> position_;  // the last row dealt with
  std::int64_t limit_;
  Budget budget_;
  Order order_;
  std::optional<double> now_;

  Rows rows_{{}, false};     // of the latest read
  std::size_t next_ = 0;     // the first of them not dealt with
  bool found_live_ = false;  // whether any of those dealt with is live
  std::int64_t rows_left_;   // that this transaction may still look at
  std::int64_t count_ = 0;
};

}  // namespace convex_kv

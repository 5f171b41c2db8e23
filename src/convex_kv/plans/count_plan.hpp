// Counts the live entries of a range, as many as one transaction can look at.
#pragma once

#include <optional>
#include <utility>

#include "convex_kv/plans/read_plan.hpp"

namespace convex_kv {

class CountPlan final : public ReadPlan {
 public:
  // At most `limit` entries (1 or more) after the sort key `after` (exclusive; nullopt: from the
  // start) in that order. Ends in CountDone, or in transaction_full if the transaction has no room
  // to get any further. is_done: there are no more. Not is_done at the limit: one more follows; at
  // the budget's end: it was not looked at.
  CountPlan(KeyRange range, std::optional<Bytes> after, std::int64_t limit, Budget budget,
            Order order)
      : ReadPlan(std::move(range), std::move(after), limit, budget, order) {}

 private:
  Step handle_start() override { return read_more(); }
  Step take_rows() override;
  Step read_more();
  Step done(bool is_done);

  std::int64_t count_ = 0;
};

}  // namespace convex_kv

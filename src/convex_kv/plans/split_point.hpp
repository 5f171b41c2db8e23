// Where to split a page in two that takes more than one transaction may read, or nearly so.
//
// Each of the two is read in a separate transaction, with as much room. So the first one ends with
// the last row up to which no more than half of the room is used. The platform recommends a split
// of its pages when three quarters of a limit are used, and so does this
// (crates/database/src/query/index_range.rs, soft_data_limit).
#pragma once

#include <cstdint>
#include <optional>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/budget/budget.hpp"
#include "convex_kv/budget/rows.hpp"

namespace convex_kv {

class SplitPoint {
 public:
  // Of a page that has `limits` and may hold `limit` entries.
  SplitPoint(const TransactionLimits& limits, std::int64_t limit);

  // The page has passed this row, and shows it or not. Called for each row in turn.
  void pass(const Row& row, bool is_shown);

  // The sort key of the last row of the first half; nullopt: no row was passed. It is the first row
  // that was passed if that alone takes more than half.
  const std::optional<Bytes>& position() const { return position_; }

  // Whether the rows that were passed take so much that the page should be split.
  bool is_near_limit() const;

 private:
  TransactionLimits half_;  // of the page's room
  TransactionLimits left_;  // of all of it
  std::int64_t limit_;
  std::int64_t shown_ = 0;
  std::optional<Bytes> position_;
};

}  // namespace convex_kv

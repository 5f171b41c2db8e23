#include "convex_kv/plans/split_point.hpp"

namespace convex_kv {

SplitPoint::SplitPoint(const TransactionRoom& room, std::int64_t limit)
    : half_(share_of(room, 2)), left_(room), limit_(limit) {}

void SplitPoint::pass(const Row& row, bool is_shown) {
  TransactionRoom cost{row.size, 1, 0, 0};
  if (is_shown) {
    ++shown_;
    cost = {row.size + std::int64_t{row.value_bytes}, 1 + std::int64_t{row.value_documents}, 0,
            row.value_documents};
  }
  left_ = less(left_, cost);
  const bool is_in_half = fits(half_, left_) && shown_ <= limit_ / 2;
  if (is_in_half || !position_) position_ = row.path;
}

bool SplitPoint::is_near_limit() const {
  return !fits(share_of(half_, 2), left_) || shown_ > limit_ / 4 * 3;
}

}  // namespace convex_kv

#include "convex_kv/plans/split_point.hpp"

namespace convex_kv {

SplitPoint::SplitPoint(const TransactionLimits& limits, std::int64_t limit)
    : half_(limits / 2), left_(limits), limit_(limit) {}

void SplitPoint::pass(const Row& row, bool is_shown) {
  TransactionLimits cost{.bytes_read = row.size, .documents_read = 1};
  if (is_shown) {
    ++shown_;
    cost = {.bytes_read = row.size + std::int64_t{row.value_bytes},
            .documents_read = 1 + std::int64_t{row.value_documents},
            .queries = row.value_documents};
  }
  left_ = left_ - cost;
  const bool is_in_half = fits(half_, left_) && shown_ <= limit_ / 2;
  if (is_in_half || !position_) position_ = row.path;
}

bool SplitPoint::is_near_limit() const {
  return !fits(half_ / 2, left_) || shown_ > limit_ / 4 * 3;
}

}  // namespace convex_kv

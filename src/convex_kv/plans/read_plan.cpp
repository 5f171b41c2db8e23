#include "convex_kv/plans/read_plan.hpp"

#include <string>
#include <utility>

#include "convex_kv/rules/expiry.hpp"

namespace convex_kv {

ReadPlan::ReadPlan(KeyRange range, std::optional<Bytes> after, std::int64_t limit, Budget budget,
                   Order order)
    : range_(std::move(range)),
      start_(after),
      position_(std::move(after)),
      limit_(limit),
      budget_(budget),
      order_(order) {}

Step ReadPlan::handle_rows(Rows rows) {
  const auto count = static_cast<std::int64_t>(rows.rows.size());
  budget_.spend_query(count, rows.bytes());
  rows_read_ += count;
  rows_ = std::move(rows);
  next_ = 0;
  found_live_ = false;
  return take_rows();
}

Step ReadPlan::handle_clock(double now) {
  now_ = now;
  return take_rows();
}

bool ReadPlan::is_live(const Row& row) const {
  return !is_dead(row) && convex_kv::is_live(row.expires_at, now_.value_or(0));
}

Read ReadPlan::read_on(const KeyRange& range, const ReadAllowance& allowance,
                       std::int64_t max_value_bytes) {
  const bool ascends = order_ == Order::kAscending;
  KeyRange left = range;
  Bytes& begin = ascends ? left.lower : left.upper;
  for (const auto* place : {&boundary_, &position_}) {
    if (*place && is_before(begin, **place, order_)) begin = **place;
  }
  const auto [is_deleted, is_last] = deletions().cut_to_first(left, order_);
  is_last_stretch_ = is_last;
  stretch_end_ = ascends ? left.upper : left.lower;
  auto bounds = path_bounds(left, std::nullopt);
  // A boundary is part of what is left, the position is not.
  if (ascends && position_ == left.lower) bounds.front().compare = Compare::kGt;
  return Read{is_deleted ? Index::kFresh : Index::kPath,
              std::move(bounds),
              allowance.rows,
              allowance.bytes,
              order_,
              max_value_bytes};
}

bool ReadPlan::ends_range() {
  if (!rows_.exhausted || is_last_stretch_) return rows_.exhausted;
  boundary_ = stretch_end_;
  return false;
}

KvError ReadPlan::cannot_read_on(const char* call) {
  return {ErrorCode::kTransactionFull,
          call + std::string(" cannot read on: this transaction has used up what it may read. Read "
                             "less in one query or mutation.")};
}

}  // namespace convex_kv

#include "count_plan.hpp"

#include <algorithm>
#include <string>

#include "cursor.hpp"
#include "expiry.hpp"

namespace convex_kv {

namespace {

// Rows of one read: few enough to be held in memory at once.
constexpr std::int64_t kRowsPerRead = 1000;

// Most rows that one count looks at. The 1 s of user time that a function has is a limit too, and
// one that cannot be read off: each row is decoded, measured and carried into the core.
constexpr std::int64_t kMostRows = 16000;

}  // namespace

CountPlan::CountPlan(KeyRange range, std::optional<Bytes> after, std::int64_t limit, Budget budget,
                     Order order)
    : range_(std::move(range)),
      start_(after),
      position_(std::move(after)),
      limit_(limit),
      budget_(budget),
      order_(order),
      rows_left_(kMostRows) {}

Step CountPlan::start() { return read_more(); }

Step CountPlan::on_rows(Rows rows) {
  budget_.spend_query(static_cast<std::int64_t>(rows.rows.size()), rows.bytes());
  rows_left_ -= static_cast<std::int64_t>(rows.rows.size());
  rows_ = std::move(rows);
  next_ = 0;
  found_live_ = false;
  return take_rows();
}

Step CountPlan::on_clock(double now) {
  now_ = now;
  return take_rows();
}

Step CountPlan::read_more() {
  if (rows_left_ < 1) return done(false);
  // The one beyond the limit tells whether more follow. After a read of nothing but expired entries
  // the next looks twice as far.
  const std::int64_t further = found_live_ ? 0 : 2 * std::ssize(rows_.rows);
  const std::int64_t wanted =
      std::min({std::max(limit_ - count_ + 1, further), kRowsPerRead, rows_left_});
  const auto allowance = budget_.allow(wanted, RowUse::kReturn);
  if (!allowance) return done(false);
  return Read{Index::kPath, path_bounds(range_, position_, order_), allowance->rows,
              allowance->bytes, order_};
}

Step CountPlan::take_rows() {
  for (; next_ < rows_.rows.size(); ++next_) {
    const Row& row = rows_.rows[next_];
    if (row.expires_at && !now_) return AskClock{};
    if (!row.expires_at || !is_expired(*row.expires_at, *now_)) {
      found_live_ = true;
      if (count_ == limit_) return done(false);
      ++count_;
    }
    position_ = row.path;
  }
  return rows_.exhausted ? done(true) : read_more();
}

Step CountPlan::done(bool is_done) {
  if (is_done) return CountDone{count_, "", true};
  if (position_ == start_) {
    return KvError{ErrorCode::kTransactionFull,
                   "count cannot read on: this transaction has used up what it may read. Read less "
                   "in one query or mutation."};
  }
  return CountDone{count_, encode_cursor(range_, *position_, {order_}), false};
}

}  // namespace convex_kv

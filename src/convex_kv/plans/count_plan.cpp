#include "convex_kv/plans/count_plan.hpp"

#include <algorithm>

#include "convex_kv/plans/cursor.hpp"

namespace convex_kv {

namespace {

// Rows of one read: few enough to be held in memory at once.
constexpr std::int64_t kRowsPerRead = 1000;

// Most rows that one count looks at. The 1 s of user time that a function has is a limit too, which
// cannot be read: each row is decoded, measured and carried into the core.
constexpr std::int64_t kMostRows = 16000;

}  // namespace

Step CountPlan::read_more() {
  const std::int64_t rows_left = kMostRows - rows_read_;
  if (rows_left < 1) return done(false);
  // The one beyond the limit tells whether more follow. After a read of nothing but expired entries
  // the next looks twice as far.
  const std::int64_t further = found_live_ ? 0 : 2 * std::ssize(rows_.rows);
  const std::int64_t wanted =
      std::min({std::max(limit_ - count_ + 1, further), kRowsPerRead, rows_left});
  const auto allowance = budget_.allow(wanted, RowUse::kReturn);
  if (!allowance) return done(false);
  return read_on(range_, *allowance);
}

Step CountPlan::take_rows() {
  for (; next_ < rows_.rows.size(); ++next_) {
    const Row& row = rows_.rows[next_];
    if (needs_clock(row)) return AskClock{};
    if (is_live(row)) {
      found_live_ = true;
      if (count_ == limit_) return done(false);
      ++count_;
    }
    position_ = row.path;
  }
  return ends_range() ? done(true) : read_more();
}

Step CountPlan::done(bool is_done) {
  if (is_done) return CountDone{count_, "", true};
  if (is_at_start()) return cannot_read_on("count");
  return CountDone{count_, encode_cursor(range_, *position_, {order_}), false};
}

}  // namespace convex_kv

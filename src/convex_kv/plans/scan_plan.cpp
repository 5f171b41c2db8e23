#include "convex_kv/plans/scan_plan.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/plans/cursor.hpp"

namespace convex_kv {

namespace {

// Rows that a scan reads at once in search of live ones beyond what its page is missing.
constexpr std::int64_t kFurthestLook = 512;

}  // namespace

ScanPlan::ScanPlan(Mode mode, KeyRange range, std::optional<Bytes> after, std::int64_t limit,
                   Budget budget, Order order)
    : ReadPlan(std::move(range), std::move(after), limit, budget, order),
      mode_(mode),
      read_range_(range_),
      split_point_(budget_.left(), limit_) {}

ScanPlan ScanPlan::page(KeyRange range, std::optional<Bytes> after, std::int64_t limit,
                        Budget budget, Order order) {
  return {Mode::kPage, std::move(range), std::move(after), limit, budget, order};
}

ScanPlan ScanPlan::page_until(KeyRange range, std::optional<Bytes> after,
                              std::optional<Bytes> until, Budget budget, Order order) {
  ScanPlan plan(Mode::kUntil, std::move(range), std::move(after), kMaxArrayLength, budget, order);
  if (until && order == Order::kDescending) {
    plan.read_range_.lower = *until;
  } else if (until) {
    plan.read_range_.upper = *until;
    plan.read_range_.upper.push_back(0x00);  // nothing stands between the two
  }
  plan.until_ = std::move(until);
  return plan;
}

ScanPlan ScanPlan::first(KeyRange range, Budget budget, Order order) {
  return {Mode::kFirst, std::move(range), std::nullopt, 1, budget, order};
}

ScanPlan ScanPlan::all(KeyRange range, Budget budget, Order order) {
  return {Mode::kAll, std::move(range), std::nullopt, kMaxArrayLength, budget, order};
}

Step ScanPlan::read_more() {
  const std::int64_t proof = mode_ == Mode::kFirst ? 0 : 1;
  const std::int64_t missing = limit_ + proof - page_length_ - (candidate_ ? 1 : 0);
  // After a read of nothing but expired entries the next looks twice as far, or a small page behind
  // many of them would take as many queries.
  const std::int64_t further =
      found_live_ ? 0 : std::min<std::int64_t>(2 * std::ssize(rows_.rows), kFurthestLook);
  const auto allowance = budget_.allow_keeping(std::max(missing, further), RowUse::kReturn,
                                               candidate_ ? candidate_->value_bytes : 0,
                                               candidate_ ? candidate_->value_documents : 0);
  if (!allowance) return out_of_budget();
  return read_on(read_range_, *allowance, budget_.value_bytes_of_read());
}

Step ScanPlan::take_rows() {
  for (; next_ < rows_.rows.size(); ++next_) {
    const Row& row = rows_.rows[next_];
    if (needs_clock(row)) return AskClock{};
    const bool is_shown = is_live(row);
    if (is_shown) {
      found_live_ = true;
      if (!accept_candidate()) return out_of_budget();
      candidate_ = Candidate{row_count_, row.value_bytes, row.value_documents, position_};
      if (page_length_ == limit_) return page_done(false);
      if (mode_ == Mode::kFirst) return end_of_range();
      if (mode_ == Mode::kUntil && !accept_candidate()) return out_of_budget();
    }
    position_ = row.path;
    ++row_count_;
    if (mode_ == Mode::kUntil) split_point_.pass(row, is_shown);
  }
  const bool is_at_end = until_ && position_ == until_;
  return is_at_end || ends_range() ? end_of_range() : read_more();
}

Step ScanPlan::end_of_range() {
  if (!accept_candidate()) return out_of_budget();
  return mode_ == Mode::kUntil ? page_until_done(true) : page_done(true);
}

Step ScanPlan::page_until_done(bool is_whole) {
  PageDone done{page_, until_ ? encode_cursor(range_, *until_, {order_}) : "", !until_};
  // The second of two pages must not be empty: it would be split again, for nothing.
  const auto& split = split_point_.position();
  const bool is_advised = split && split != position_ && split_point_.is_near_limit();
  if (is_advised || !is_whole) done.split_cursor = encode_cursor(range_, *split, {order_});
  done.is_split_required = !is_whole;
  return done;
}

Step ScanPlan::out_of_budget() {
  if (mode_ == Mode::kAll) {
    return KvError{ErrorCode::kTooManyEntries,
                   "getAll cannot return these entries: they are more than this transaction can "
                   "still read. Use list to read them page by page."};
  }
  if (mode_ == Mode::kFirst) {
    return KvError{ErrorCode::kTransactionFull,
                   "first and last cannot find an entry: this transaction has used up what it may "
                   "read, on expired entries maybe. Read less in one query or mutation, and run "
                   "vacuum."};
  }
  if (mode_ == Mode::kUntil && split_point_.position()) return page_until_done(false);
  // If the very first row were withheld, every next page would begin with it again. If a budget's
  // worth of expired entries follows it, the page is that entry and continues behind them.
  if (candidate_ && candidate_->row == 0 && row_count_ > 1) accept_candidate();
  if (reached() == start_) {
    return KvError{ErrorCode::kTransactionFull,
                   "list cannot read on: this transaction has used up what it may read. Read fewer "
                   "or smaller pages in one query or mutation."};
  }
  return page_done(false);
}

Step ScanPlan::page_done(bool is_done) {
  if (is_done) return PageDone{page_, "", true};
  if (mode_ == Mode::kUntil) return page_until_done(false);
  if (mode_ == Mode::kAll) {
    return KvError{ErrorCode::kTooManyEntries, "getAll returns at most " +
                                                   std::to_string(kMaxArrayLength) +
                                                   " entries, and there are more. Use list to read "
                                                   "them page by page."};
  }
  return PageDone{page_, encode_cursor(range_, *reached(), {order_}), false};
}

const std::optional<Bytes>& ScanPlan::reached() const {
  return candidate_ ? candidate_->position_before : position_;
}

bool ScanPlan::accept_candidate() {
  if (!candidate_) return true;
  if (!budget_.spend_value(candidate_->value_bytes, candidate_->value_documents)) return false;
  add_row(page_, candidate_->row);
  ++page_length_;
  candidate_.reset();
  return true;
}

}  // namespace convex_kv

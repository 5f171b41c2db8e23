#include "convex_kv/plans/children_plan.hpp"

#include <algorithm>
#include <utility>

#include "convex_kv/keys/sort_key.hpp"
#include "convex_kv/plans/cursor.hpp"

namespace convex_kv {

namespace {

// Rows of the first read, and of the longest.
constexpr std::int64_t kFirstWidth = 4;
constexpr std::int64_t kMostWidth = 512;

Bytes with_byte(Bytes key, std::uint8_t byte) {
  key.push_back(byte);
  return key;
}

}  // namespace

ChildrenPlan::ChildrenPlan(KeyRange range, std::size_t prefix_length, std::optional<Bytes> after,
                           std::int64_t limit, Budget budget, Order order)
    : ReadPlan(std::move(range), std::move(after), limit, budget, order),
      prefix_length_(prefix_length),
      width_(kFirstWidth) {}

Step ChildrenPlan::handle_start() {
  const auto child = resumed_child();
  if (!child) return read_more();
  const auto allowance = budget_.allow(1, RowUse::kReturn);
  if (!allowance) return out_of_budget();
  asks_resumed_ = true;
  return Read{
      Index::kPath, {{Compare::kEq, "path", *child}}, allowance->rows, allowance->bytes, order_};
}

ByteView ChildrenPlan::child_path(ByteView path) const {
  if (path.size() <= prefix_length_) return {};
  const std::size_t part = first_part_length(path.subspan(prefix_length_));
  return path.first(part == 0 ? 0 : prefix_length_ + part);
}

// In descending order a child's own row comes last, so there is nothing to make up for.
std::optional<Bytes> ChildrenPlan::resumed_child() const {
  if (!start_ || order_ == Order::kDescending) return std::nullopt;
  const ByteView path = child_path(*start_);
  const bool is_behind = path.size() < start_->size() && (*start_)[path.size()] == kBehindSubtree;
  if (path.empty() || is_behind || !range_.contains(path)) return std::nullopt;
  return Bytes(path.begin(), path.end());
}

Step ChildrenPlan::read_more() {
  const std::int64_t missing = limit_ + 1 - std::ssize(children_) - (open_ ? 1 : 0);
  const std::int64_t wanted = found_live_ ? std::min(width_, 2 * missing) : width_;
  const auto allowance = budget_.allow(wanted, RowUse::kReturn);
  if (!allowance) return out_of_budget();
  return read_on(range_, *allowance);
}

Step ChildrenPlan::take_rows() {
  for (; next_ < rows_.rows.size(); ++next_) {
    const Row& row = rows_.rows[next_];
    const ByteView path = child_path(row.path);
    const bool is_child = path.size() == row.path.size();
    const bool is_of_open =
        open_ && std::equal(path.begin(), path.end(), open_->path.begin(), open_->path.end());
    if (is_of_open && open_->child.has_children && !is_child) {
      ++wasted_;
      ++row_count_;
      continue;
    }
    if (needs_clock(row)) return AskClock{};
    if (!is_of_open) close_child();
    if (!path.empty() && is_live(row)) {
      found_live_ = true;
      if (!is_of_open) {
        if (std::ssize(children_) == limit_) return done(false);
        open_ = Open{Bytes(path.begin(), path.end()), {row_count_, false, false}, position_};
      }
      (is_child ? open_->child.has_entry : open_->child.has_children) = true;
    }
    ++row_count_;
    if (asks_resumed_) continue;
    position_ = row.path;
    passed_last_ = true;
  }
  if (asks_resumed_) {
    asks_resumed_ = false;
    return read_more();
  }
  end_read();
  if (!ends_range() && !is_at_end()) return read_more();
  close_child();
  return done(true);
}

// Moves the position to the start of the next read, and returns how far that goes.
void ChildrenPlan::end_read() {
  const std::int64_t told = std::ssize(rows_.rows) - static_cast<std::int64_t>(wasted_);
  width_ = wasted_ == 0 ? std::min(2 * width_, kMostWidth) : std::max<std::int64_t>(told + 1, 2);
  wasted_ = 0;
  if (!open_ || !open_->child.has_children) return;
  if (order_ == Order::kAscending) return close_child();
  // The child's own row is the next, if there is one.
  if (*position_ > open_->path) position_ = with_byte(open_->path, kBehindKey);
}

bool ChildrenPlan::is_at_end() const {
  if (!position_) return false;
  return order_ == Order::kAscending ? *position_ >= range_.upper : *position_ <= range_.lower;
}

void ChildrenPlan::close_child() {
  if (!open_) return;
  children_.push_back(open_->child);
  before_last_ = std::move(open_->before);
  passed_last_ = false;
  position_ = order_ == Order::kAscending ? with_byte(std::move(open_->path), kBehindSubtree)
                                          : std::move(open_->path);
  open_.reset();
}

Step ChildrenPlan::out_of_budget() {
  if (open_) {
    // The open child proves that more follow. If it is the only one, the next page begins inside
    // it.
    if (!children_.empty() || order_ == Order::kDescending) position_ = open_->before;
  } else if (children_.size() > 1 ||
             (!children_.empty() && !passed_last_ && before_last_ != start_)) {
    // No row behind the last child was seen: withhold that child as the proof that more follow,
    // unless the page would be empty without it. Expired entries may have taken the budget.
    children_.pop_back();
    position_ = before_last_;
  }
  if (is_at_start()) return cannot_read_on("children");
  return done(false);
}

Step ChildrenPlan::done(bool is_done) {
  if (is_done) return ChildrenDone{std::move(children_), "", true};
  return ChildrenDone{std::move(children_),
                      encode_cursor(range_, *position_, {order_, prefix_length_}), false};
}

}  // namespace convex_kv

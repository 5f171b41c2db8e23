// Lists the key parts that are directly behind a prefix, as a directory listing would.
//
// A child is settled as soon as it is known whether there are live entries at it and below it; the
// plan then seeks past all that is below it. The read size doubles while every row reveals a child
// and shrinks when rows fall below one already settled, so wasted rows stay within a constant
// factor.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "convex_kv/plans/read_plan.hpp"

namespace convex_kv {

class ChildrenPlan final : public ReadPlan {
 public:
  // At most `limit` children (1 to kMaxArrayLength) with live entries in `range`, all of which
  // begin with the same `prefix_length` bytes, after the position `after` (exclusive; nullopt: from
  // the start) in that order. Ends in ChildrenDone, or in transaction_full if the transaction has
  // no room to get any further. As with ScanPlan, is_done == false is exact, unless a whole budget
  // held only expired entries (after at most one child).
  ChildrenPlan(KeyRange range, std::size_t prefix_length, std::optional<Bytes> after,
               std::int64_t limit, Budget budget, Order order);

 private:
  // The child that the present rows belong to.
  struct Open {
    Bytes path;
    Child child;
    std::optional<Bytes> before;  // the position after which a page that starts with it begins
  };

  // The bytes of the child that the row at `path` is or belongs to. Empty if it is none: at the
  // prefix itself.
  ByteView child_path(ByteView path) const;
  // If `start_` is below a child, or at it, the child: a page that ended there left it open.
  std::optional<Bytes> resumed_child() const;

  Step handle_start() override;
  Step take_rows() override;
  Step read_more();
  void end_read();
  bool is_at_end() const;
  void close_child();
  Step out_of_budget();
  Step done(bool is_done);

  std::size_t prefix_length_;
  std::size_t wasted_ = 0;       // rows of the latest read that told nothing new
  std::int64_t width_;           // rows to read next
  std::uint32_t row_count_ = 0;  // rows processed in all
  bool asks_resumed_ = false;    // whether the read is that of the resumed child's own row

  std::vector<Child> children_;
  std::optional<Bytes> before_last_;  // Open::before of the last of them
  bool passed_last_ = false;          // whether rows behind it were processed
  std::optional<Open> open_;
};

}  // namespace convex_kv

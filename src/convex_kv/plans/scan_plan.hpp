// Reads the live entries of a range, in order, a page or all of them.
//
// A page holds one entry less than what was read: the one withheld proves that more follow, so
// is_done == false is exact. Expired entries take no room in a page. A page is short only at the
// end of the range or of the budget. A page up to a given position, and the first entry alone, need
// no such proof.
//
// A page up to a given position is shown and kept up to date between other pages. So it always ends
// at that position: if it has become too long for one transaction, it says where to split it
// (split_point.hpp).
#pragma once

#include <optional>

#include "convex_kv/plans/read_plan.hpp"
#include "convex_kv/plans/split_point.hpp"

namespace convex_kv {

class ScanPlan final : public ReadPlan {
 public:
  // At most `limit` entries (1 to kMaxArrayLength) after the sort key `after` (exclusive; nullopt:
  // from the start) in that order. Ends in PageDone, or in transaction_full if the transaction has
  // no room to get any further. is_done may be false with nothing live left only if a whole budget
  // held expired entries (after at most one live entry); the page is then empty or that entry.
  static ScanPlan page(KeyRange range, std::optional<Bytes> after, std::int64_t limit,
                       Budget budget, Order order = Order::kAscending);

  // All entries after `after` up to and including the position `until`; nullopt: to the end of the
  // range. The page's cursor is that of `until`; is_done is whether that is the end. If not all of
  // them fit, the page holds the first of them, and a split is required; if little room is left, a
  // split is recommended. transaction_full if not even one row fits.
  static ScanPlan page_until(KeyRange range, std::optional<Bytes> after, std::optional<Bytes> until,
                             Budget budget, Order order);

  // The first entry, or none, as a page that is_done. transaction_full if the budget ends before
  // it is known.
  static ScanPlan first(KeyRange range, Budget budget, Order order);

  // All entries, or too_many_entries if they are more than kMaxArrayLength or than the budget.
  static ScanPlan all(KeyRange range, Budget budget, Order order = Order::kAscending);

 private:
  enum class Mode { kPage, kUntil, kFirst, kAll };

  // The latest live entry: part of the page only once something live was seen behind it, or the
  // end of the range.
  struct Candidate {
    std::uint32_t row;
    std::uint32_t value_bytes;
    std::uint32_t value_documents;
    std::optional<Bytes> position_before;  // after which a page that starts with it begins
  };

  ScanPlan(Mode mode, KeyRange range, std::optional<Bytes> after, std::int64_t limit, Budget budget,
           Order order);

  Step handle_start() override { return read_more(); }
  Step take_rows() override;
  Step read_more();
  Step out_of_budget();
  Step end_of_range();
  Step page_done(bool is_done);
  Step page_until_done(bool is_whole);
  // Makes the candidate, if there is one, part of the page. False if there is no room to read its
  // value: it then stays the candidate.
  bool accept_candidate();

  // What the page goes up to: of all that was processed, what is not withheld.
  const std::optional<Bytes>& reached() const;

  Mode mode_;
  KeyRange read_range_;          // of the range what is to be read
  std::optional<Bytes> until_;   // of kUntil
  SplitPoint split_point_;       // of kUntil
  std::uint32_t row_count_ = 0;  // rows processed in all

  RowSpans page_;
  std::int64_t page_length_ = 0;
  std::optional<Candidate> candidate_;
};

}  // namespace convex_kv

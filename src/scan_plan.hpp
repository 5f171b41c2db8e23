// Reads the live entries of a range, in order, a page or all of them.
//
// A page holds one entry less than what was read: the one withheld proves that more follow, so
// is_done == false is a fact and not a guess. Expired entries take no room in a page. A page is
// short only at the end of the range or of the budget. A page up to a given position, and the first
// entry alone, need no such proof.
#pragma once

#include <optional>

#include "budget.hpp"
#include "key_range.hpp"
#include "plan.hpp"

namespace convex_kv {

class ScanPlan final : public Plan {
 public:
  // At most `limit` entries (1 to kMaxArrayLength) after the sort key `after` (exclusive; nothing:
  // from the start) in that order. Ends in PageDone, or in transaction_full where the transaction
  // has no room to get any further. Only where one budget held nothing but expired entries, or
  // these behind one live one, may is_done be false with nothing live left: the page is then empty
  // or that entry.
  static ScanPlan page(KeyRange range, std::optional<Bytes> after, std::int64_t limit,
                       Budget budget, Order order = Order::kAscending);

  // All entries after `after` up to and including the position `until`, or as many of them as fit:
  // a page whose cursor is then its own, and else that of `until`, with is_done false.
  static ScanPlan page_until(KeyRange range, std::optional<Bytes> after, Bytes until, Budget budget,
                             Order order);

  // The first entry, or none, as a page that is_done. transaction_full where the budget ends before
  // it is known.
  static ScanPlan first(KeyRange range, Budget budget, Order order);

  // All entries, or too_many_entries where they are more than kMaxArrayLength or than the budget.
  static ScanPlan all(KeyRange range, Budget budget, Order order = Order::kAscending);

  Step start() override;
  Step on_rows(Rows rows) override;
  Step on_clock(double now) override;

 private:
  enum class Mode { kPage, kUntil, kFirst, kAll };

  // The latest live entry: part of the page only once something live was seen behind it, or the
  // end of the range.
  struct Candidate {
    std::uint32_t row;
    std::uint32_t value_bytes;
    std::uint32_t value_documents;
    std::optional<Bytes> position_before;  // where a page that starts with it starts after
  };

  ScanPlan(Mode mode, KeyRange range, std::optional<Bytes> after, std::int64_t limit, Budget budget,
           Order order);

  Step read_more();
  Step take_rows();
  Step out_of_budget();
  Step end_of_range();
  Step page_done(bool is_done);
  // Makes the candidate, if there is one, part of the page. False, and it stays one, where there is
  // no room to read its value.
  bool accept_candidate();

  Mode mode_;
  Order order_;
  KeyRange range_;
  KeyRange read_range_;            // of it what is to be read
  Bytes until_;                    // of kUntil
  std::optional<Bytes> start_;     // the position that the scan set out from
  std::optional<Bytes> position_;  // the last row dealt with
  std::int64_t limit_;
  Budget budget_;
  std::optional<double> now_;

  Rows rows_{{}, false};         // of the latest read
  std::size_t next_ = 0;         // the first of them not dealt with
  bool found_live_ = false;      // whether any of those dealt with is live
  std::uint32_t row_count_ = 0;  // rows dealt with in all

  RowSpans page_;
  std::int64_t page_length_ = 0;
  std::optional<Candidate> candidate_;
};

}  // namespace convex_kv

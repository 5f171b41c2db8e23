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
  return convex_kv::is_live(row.expires_at, now_.value_or(0));
}

KvError ReadPlan::cannot_read_on(const char* call) {
  return {ErrorCode::kTransactionFull,
          call + std::string(" cannot read on: this transaction has used up what it may read. Read "
                             "less in one query or mutation.")};
}

}  // namespace convex_kv

#include "convex_kv/plans/batch_plan.hpp"

#include "convex_kv/base/limits.hpp"

namespace convex_kv {

Step BatchPlan::handle_start() { return read_more(); }

Step BatchPlan::handle_rows(Rows rows) {
  budget_.spend_query(static_cast<std::int64_t>(rows.rows.size()), rows.bytes());
  exhausted_ = rows.exhausted;
  RowSpans due;
  for (std::uint32_t i = 0; i < rows.rows.size(); ++i) {
    const Row& row = rows.rows[i];
    const Verdict verdict = judge(row);
    if (verdict.is_due) {
      full_ = !budget_.spend_write(cost_of_delete(row));
      if (full_) break;
      add_row(due, i);
      if (verdict.is_entry) ++deleted_;
    }
    advance(row);
  }
  if (due.empty()) return go_on();
  return Delete{std::move(due)};
}

Step BatchPlan::handle_deleted() { return go_on(); }

Step BatchPlan::go_on() {
  if (full_) return BatchDone{deleted_, progress()};
  if (!exhausted_) {
    continue_range();
  } else if (finish_range()) {
    return BatchDone{deleted_, std::nullopt};
  }
  return read_more();
}

Step BatchPlan::read_more() {
  const auto allowance = budget_.allow(kMaxRowsAtOnce, RowUse::kDelete);
  if (!allowance) return BatchDone{deleted_, progress()};
  return Read{index(), bounds(), allowance->rows, allowance->bytes, order()};
}

}  // namespace convex_kv

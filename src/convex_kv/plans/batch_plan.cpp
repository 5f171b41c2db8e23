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
      add_row(due, rows_read_ + i);
      if (verdict.is_entry) ++deleted_;
    }
    advance(row);
  }
  rows_read_ += static_cast<std::uint32_t>(rows.rows.size());
  if (due.empty()) return go_on();
  return Write{std::move(due)};
}

Step BatchPlan::handle_written() { return go_on(); }

Step BatchPlan::go_on() {
  if (full_) return done(true);
  if (!exhausted_) {
    continue_range();
  } else if (finish_range()) {
    return done(false);
  }
  return read_more();
}

Step BatchPlan::done(bool has_more) const {
  BatchDone step{deleted_};
  if (has_more) step.rest = rest();
  step.range = taken();
  return step;
}

Step BatchPlan::read_more() {
  const auto allowance = budget_.allow(kMaxRowsAtOnce, RowUse::kDelete);
  if (!allowance) return done(true);
  return Read{index(),          bounds(), allowance->rows,
              allowance->bytes, order(),  budget_.value_bytes_of_read()};
}

}  // namespace convex_kv

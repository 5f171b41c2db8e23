#include "convex_kv/plans/plan.hpp"

namespace convex_kv {

namespace {

KvError not_awaited() {
  return KvError{ErrorCode::kInvalidRequest,
                 "The plan was told something that it did not ask for."};
}

}  // namespace

std::vector<Bound> path_bounds(const KeyRange& range, const std::optional<Bytes>& after,
                               Order order) {
  const bool ascends = order == Order::kAscending;
  const Bound lower = after && ascends ? Bound{Compare::kGt, "path", *after}
                                       : Bound{Compare::kGte, "path", range.lower};
  return {lower, {Compare::kLt, "path", after && !ascends ? *after : range.upper}};
}

void add_row(RowSpans& spans, std::uint32_t position) {
  if (!spans.empty() && spans.back().second == position) {
    ++spans.back().second;
  } else {
    spans.emplace_back(position, position + 1);
  }
}

bool Plan::set_deletions(Deletions deletions) {
  if (awaited_ != Awaited::kStart) return false;
  deletions_ = std::move(deletions);
  return true;
}

Step Plan::start() { return awaited_ == Awaited::kStart ? take(handle_start()) : not_awaited(); }

Step Plan::on_rows(Rows rows) {
  return awaited_ == Awaited::kRows ? take(handle_rows(std::move(rows))) : not_awaited();
}

Step Plan::on_clock(double now) {
  return awaited_ == Awaited::kClock ? take(handle_clock(now)) : not_awaited();
}

Step Plan::on_written() {
  return awaited_ == Awaited::kWritten ? take(handle_written()) : not_awaited();
}

Step Plan::handle_clock(double) { return not_awaited(); }

Step Plan::handle_written() { return not_awaited(); }

Plan::Awaited Plan::awaited_after(const Step& step) {
  if (std::holds_alternative<Read>(step)) return Awaited::kRows;
  if (std::holds_alternative<AskClock>(step)) return Awaited::kClock;
  if (std::holds_alternative<Write>(step)) return Awaited::kWritten;
  return Awaited::kNothing;
}

Step Plan::take(Step step) {
  awaited_ = awaited_after(step);
  return step;
}

}  // namespace convex_kv

#include "plan.hpp"

namespace convex_kv {

namespace {

KvError out_of_turn() {
  return KvError{ErrorCode::kInvalidRequest, "The plan was told something that it did not ask."};
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

Step Plan::on_clock(double) { return out_of_turn(); }

Step Plan::on_deleted() { return out_of_turn(); }

}  // namespace convex_kv

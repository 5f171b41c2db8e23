#include "convex_kv/keys/key_range.hpp"

#include <algorithm>
#include <utility>

namespace convex_kv {

namespace {

bool less(ByteView a, ByteView b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

bool KeyRange::contains(ByteView sort_key) const {
  return !less(sort_key, lower) && less(sort_key, upper);
}

bool is_before(const Bytes& a, const Bytes& b, Order order) {
  return order == Order::kAscending ? less(a, b) : less(b, a);
}

KeyRange range_below(Bytes prefix_sort_key) {
  Bytes upper = prefix_sort_key;
  upper.push_back(0xFF);
  return {std::move(prefix_sort_key), std::move(upper)};
}

KeyRange range_between(Bytes prefix_sort_key, const std::optional<Bytes>& start,
                       const std::optional<Bytes>& end) {
  KeyRange range = range_below(std::move(prefix_sort_key));
  if (end) {
    range.upper = range.lower;
    append(range.upper, *end);
  }
  if (start) append(range.lower, *start);
  if (less(range.upper, range.lower)) range.upper = range.lower;
  return range;
}

}  // namespace convex_kv

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
  upper.push_back(kBehindSubtree);
  return {std::move(prefix_sort_key), std::move(upper)};
}

void begin_at(KeyRange& range, Bytes key) {
  if (less(range.lower, key)) range.lower = std::move(key);
  if (less(range.upper, range.lower)) range.upper = range.lower;
}

void begin_after(KeyRange& range, Bytes key) {
  key.push_back(kBehindKey);
  begin_at(range, std::move(key));
}

void end_before(KeyRange& range, Bytes key) {
  if (less(key, range.upper)) range.upper = std::move(key);
  begin_at(range, range.lower);
}

void start_with(KeyRange& range, Bytes key) {
  // Without the end of its last part it is how all begin that begin with that part.
  if (!key.empty()) key.pop_back();
  begin_at(range, key);
  // The first that does not, behind those. A key's first byte is a tag, which can be counted up.
  while (!key.empty() && key.back() == 0xFF) key.pop_back();
  if (key.empty()) return;
  ++key.back();
  end_before(range, std::move(key));
}

}  // namespace convex_kv

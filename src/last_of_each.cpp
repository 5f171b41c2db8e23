#include "last_of_each.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "little_endian.hpp"

namespace convex_kv {

std::optional<Bytes> marks_of_last(ByteView wire) {
  std::vector<ByteView> paths;
  while (!wire.empty()) {
    const auto length = take_u32(wire);
    if (!length || *length > wire.size()) return std::nullopt;
    paths.push_back(wire.first(*length));
    wire = wire.subspan(*length);
  }
  std::vector<std::uint32_t> order(paths.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    return std::lexicographical_compare(paths[a].begin(), paths[a].end(), paths[b].begin(),
                                        paths[b].end());
  };
  const auto comes_first = [&](std::uint32_t a, std::uint32_t b) {
    if (less(a, b)) return true;
    return !less(b, a) && a < b;
  };
  // The same paths side by side, in the order in which they came. (std::sort would take ten times
  // the code of a heap.)
  std::make_heap(order.begin(), order.end(), comes_first);
  std::sort_heap(order.begin(), order.end(), comes_first);
  Bytes marks(paths.size(), 1);
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (!less(order[i - 1], order[i])) marks[order[i - 1]] = 0;
  }
  return marks;
}

}  // namespace convex_kv

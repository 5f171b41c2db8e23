// Byte strings: owned ones, and views of somebody else's. Both compare as unsigned bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace convex_kv {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// Appends `tail` to `out`. (insert would do it in one line, and several times the code.)
inline void append(Bytes& out, ByteView tail) {
  const std::size_t size = out.size();
  out.resize(size + tail.size());
  std::copy(tail.begin(), tail.end(), out.data() + size);
}

}  // namespace convex_kv

// Byte strings: owned ones, and views of somebody else's. Both compare as unsigned bytes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace convex_kv {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// Appends `tail` to `out`.
inline void append(Bytes& out, ByteView tail) { out.insert(out.end(), tail.begin(), tail.end()); }

}  // namespace convex_kv

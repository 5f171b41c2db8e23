// Whole numbers in as few bytes as they need: seven bits in each, the lowest first; all bytes but
// the last have the eighth (LEB128).
#pragma once

#include <cstdint>
#include <optional>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

inline void put_varint(Bytes& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

// Reads one off the front of `in`. nullopt, and `in` untouched, if it is short, is longer than it
// need be, or has more than 64 bits: each number has one form.
inline std::optional<std::uint64_t> take_varint(ByteView& in) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < in.size() && i < 10; ++i) {
    const std::uint64_t bits = in[i] & 0x7F;
    if (i == 9 && bits > 1) return std::nullopt;
    value |= bits << (7 * i);
    if (in[i] >= 0x80) continue;
    if (bits == 0 && i > 0) return std::nullopt;
    in = in.subspan(i + 1);
    return value;
  }
  return std::nullopt;
}

}  // namespace convex_kv

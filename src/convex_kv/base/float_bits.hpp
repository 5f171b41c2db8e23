// A float64's IEEE 754 bits. (std::bit_cast, which the oldest supported libc++ lacks.)
#pragma once

#include <cstdint>
#include <cstring>

namespace convex_kv {

inline std::uint64_t bits_from_double(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline double double_from_bits(std::uint64_t bits) {
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace convex_kv

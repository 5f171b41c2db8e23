// Byte strings and float64s, one behind the other, as messages and nodes hold them: a string is its
// length (varint.hpp) and so many bytes.
#pragma once

#include <optional>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/float_bits.hpp"
#include "convex_kv/base/little_endian.hpp"
#include "convex_kv/base/varint.hpp"

namespace convex_kv {

inline void put_bytes(Bytes& out, ByteView bytes) {
  put_varint(out, bytes.size());
  append(out, bytes);
}

inline void put_double(Bytes& out, double value) { put_u64(out, bits_from_double(value)); }

// Each take_ reads one off the front of `in`; nullopt, and `in` untouched, if there is none.
inline std::optional<ByteView> take_bytes(ByteView& in) {
  ByteView rest = in;
  const auto length = take_varint(rest);
  if (!length || *length > rest.size()) return std::nullopt;
  in = rest.subspan(*length);
  return rest.first(*length);
}

inline std::optional<double> take_double(ByteView& in) {
  const auto bits = take_u64(in);
  if (!bits) return std::nullopt;
  return double_from_bits(*bits);
}

// The number of elements, of which each takes `least` bytes or more. So nothing is reserved for
// more than there can be.
inline std::optional<std::size_t> take_count(ByteView& in, std::size_t least) {
  ByteView rest = in;
  const auto count = take_varint(rest);
  if (!count || *count > rest.size() / least) return std::nullopt;
  in = rest;
  return static_cast<std::size_t>(*count);
}

}  // namespace convex_kv

// Fixed-width numbers, little-endian: how JavaScript's typed arrays and Convex's JSON hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

namespace detail {

template <typename T>
std::optional<T> take_little_endian(ByteView& in) {
  if (in.size() < sizeof(T)) return std::nullopt;
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) value = static_cast<T>(value << 8) | in[i];
  in = in.subspan(sizeof(T));
  return value;
}

template <typename T>
void set_little_endian(std::uint8_t* at, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) at[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

template <typename T>
void put_little_endian(Bytes& out, T value) {
  out.resize(out.size() + sizeof(T));
  set_little_endian(out.data() + out.size() - sizeof(T), value);
}

}  // namespace detail

// Each take_ reads a number off the front of `in`; nullopt, and `in` untouched, if it is short.
inline std::optional<std::uint32_t> take_u32(ByteView& in) {
  return detail::take_little_endian<std::uint32_t>(in);
}
inline std::optional<std::uint64_t> take_u64(ByteView& in) {
  return detail::take_little_endian<std::uint64_t>(in);
}

inline void put_u32(Bytes& out, std::uint32_t value) { detail::put_little_endian(out, value); }
inline void put_u64(Bytes& out, std::uint64_t value) { detail::put_little_endian(out, value); }

// Writes over the 4 bytes of `out` from `position` on.
inline void set_u32(Bytes& out, std::size_t position, std::uint32_t value) {
  detail::set_little_endian(out.data() + position, value);
}

}  // namespace convex_kv

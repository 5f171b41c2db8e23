#include "feed.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "convex_kv/base/float_bits.hpp"

namespace convex_kv::fuzz {

std::uint8_t Feed::byte() {
  if (rest_.empty()) return 0;
  const std::uint8_t byte = rest_.front();
  rest_ = rest_.subspan(1);
  return byte;
}

std::uint32_t Feed::number() {
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | byte();
  return number;
}

double Feed::time() {
  const std::uint32_t high = number();
  return double_from_bits(std::uint64_t{high} << 32 | number());
}

Bytes Feed::bytes() {
  const auto end = std::find(rest_.begin(), rest_.end(), 0xFF);
  const Bytes bytes(rest_.begin(), end);
  rest_ = rest_.subspan(std::min(bytes.size() + 1, rest_.size()));
  return bytes;
}

std::string Feed::text() {
  const Bytes text = bytes();
  return {text.begin(), text.end()};
}

// Any numbers at all, often the same; and NaN never, which on the wire is no expiry.
Row Feed::row() {
  const std::uint8_t kind = byte();
  Row row{std::nullopt, static_cast<double>(kind >> 6), static_cast<std::uint32_t>(kind & 3),
          static_cast<std::uint32_t>(byte()) << (kind >> 3 & 7) * 3, bytes()};
  if (kind & 4) row.expires_at = kind & 8 ? time() : static_cast<double>(byte());
  if (row.expires_at && std::isnan(*row.expires_at)) row.expires_at.reset();
  if (kind & 16) row.value_bytes = number();
  if (kind & 32) row.value_documents = byte();
  return row;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace convex_kv::fuzz

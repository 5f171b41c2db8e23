// A key as bytes whose order is Convex's own index order.
//
// Each part is a tag and a payload; a key is its parts one after another, so a key's bytes begin
// with the bytes of each of its prefixes. The rule is Convex's (crates/value/src/sorting.rs):
//
//   null     03
//   int64    negative: 04 05 06 07 with 8 4 2 1 bytes, zero: 08, positive: 09 0A 0B 0C with
//            1 2 4 8 bytes; big-endian two's complement, the fewest bytes that hold it signed
//   float64  0D, then the 8 IEEE bytes, big-endian: all flipped where the sign bit is set, else the
//            sign bit flipped
//   false 0E, true 0F
//   string   10, UTF-8 with every 00 followed by FF, then 00
//   bytes    11, escaped likewise, then 00
//
// FF is never a tag.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"

namespace convex_kv {

// Appends a key to `out`, part by part, of any length.
class SortKeyWriter {
 public:
  explicit SortKeyWriter(Bytes& out) : out_(out) {}

  void null();
  void int64(std::int64_t value);
  void float64(double value);
  void boolean(bool value);
  void string(std::string_view utf8);  // well-formed
  void bytes(ByteView value);

 private:
  Bytes& out_;
};

// Why a sort key that was written may not be used as the prefix of a range: invalid_key if it takes
// more than kMaxKeyBytes.
std::optional<KvError> check_prefix(ByteView sort_key);

// The same for the key of an entry: invalid_key for the root as well.
std::optional<KvError> check_entry(ByteView sort_key);

// How many bytes the first part of a key takes. 0 if `sort_key` begins with none: if it is empty,
// cut short or of another tag. Safe for any input.
std::size_t first_part_length(ByteView sort_key);

}  // namespace convex_kv

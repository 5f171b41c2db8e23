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

#include <optional>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"
#include "convex_kv/keys/key.hpp"
#include "convex_kv/keys/key_sink.hpp"

namespace convex_kv {

// The bytes of `key`; invalid_key if they would be more than kMaxKeyBytes. Empty for the root.
Result<Bytes> encode_sort_key(const Key& key);

// The same for a key that is to hold an entry: invalid_key for the root as well.
Result<Bytes> encode_entry_key(const Key& key);

// The key that `bytes` encode; invalid_key if no key encodes to exactly these bytes. Safe for any
// input.
Result<Key> decode_sort_key(ByteView bytes);

// The sink that appends a sort key to `out`, of any length.
class SortKeyWriter final : public KeySink {
 public:
  explicit SortKeyWriter(Bytes& out) : out_(out) {}

  void null() override;
  void int64(std::int64_t value) override;
  void float64(double value) override;
  void boolean(bool value) override;
  void string(std::string_view utf8) override;
  void bytes(ByteView value) override;

 private:
  Bytes& out_;
};

// Why a sort key that was written may not be used: as the prefix of a range, and as an entry's key.
// The errors are those of encode_sort_key and encode_entry_key.
std::optional<KvError> check_prefix(ByteView sort_key);
std::optional<KvError> check_entry(ByteView sort_key);

// How many bytes the first part of a key takes. 0 if `sort_key` begins with none: if it is empty,
// cut short or of another tag. Safe for any input.
std::size_t first_part_length(ByteView sort_key);

// Passes the parts of the key that `bytes` encode to `sink`. The errors are those of
// decode_sort_key, and may come after some parts were passed.
std::optional<KvError> tell_sort_key(ByteView bytes, KeySink& sink);

}  // namespace convex_kv

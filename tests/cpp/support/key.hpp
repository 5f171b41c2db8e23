// Keys as the tests write them, and their two encoded forms. The core itself only knows the latter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"
#include "convex_kv/keys/key_range.hpp"

namespace convex_kv::test {

struct Null {
  friend bool operator==(Null, Null) = default;
};

// One step of a key. The alternatives are in the order in which Convex sorts types. Strings hold
// well-formed UTF-8; int64 is a JS bigint; double keeps -0 and the bits of NaN.
using KeyPart = std::variant<Null, std::int64_t, double, bool, std::string, Bytes>;

// The empty key is the root: a prefix of everything, but no place for an entry.
using Key = std::vector<KeyPart>;

// Whether two keys have the same bytes: -0 and 0 differ, a NaN equals itself.
bool same_key(const Key& a, const Key& b);

// The key as JavaScript sends it: see convex_kv/keys/key_wire.hpp.
Bytes key_to_wire(const Key& key);

// The sort key of `key`, from its wire form. invalid_key if it is too long.
Result<Bytes> encode_sort_key(const Key& key);

// The same for a key that is to hold an entry: invalid_key for the root as well.
Result<Bytes> encode_entry_key(const Key& key);

// What `prefix` covers. invalid_key if it is too long.
Result<KeyRange> prefix_range(const Key& prefix);

// What of a prefix's range is meant: what is within all bounds that there are, each the sort key of
// parts behind the prefix.
struct Bounds {
  std::optional<Bytes> start = {};
  std::optional<Bytes> after = {};
  std::optional<Bytes> end = {};
  std::optional<Bytes> starts_with = {};
};

KeyRange range_between(const Bytes& prefix, const Bounds& bounds);

// The parts of a key of strings alone, each as it is encoded.
std::vector<Bytes> parts_of(ByteView sort_key);

}  // namespace convex_kv::test

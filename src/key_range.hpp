// A half-open range of sort keys, and the ranges that prefixes cover.
#pragma once

#include "bytes.hpp"
#include "error.hpp"
#include "key.hpp"

namespace convex_kv {

// All sort keys k with lower <= k < upper, compared as unsigned bytes.
struct KeyRange {
  Bytes lower;  // inclusive
  Bytes upper;  // exclusive

  bool contains(ByteView sort_key) const;
};

// The entry at `prefix` itself and everything below it, never a sibling: [enc, enc + FF). FF is
// never a tag, and is what follows a 00 inside a string, so ["a"] does not cover ["a\u0000b"]. The
// root covers everything. invalid_key where `prefix` is too long.
Result<KeyRange> prefix_range(const Key& prefix);

// The same for a prefix that is encoded already.
KeyRange range_below(Bytes prefix_sort_key);

}  // namespace convex_kv

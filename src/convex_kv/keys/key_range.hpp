// A half-open range of sort keys, and the ranges that prefixes cover.
#pragma once

#include <optional>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

// All sort keys k with lower <= k < upper, compared as unsigned bytes.
struct KeyRange {
  Bytes lower;  // inclusive
  Bytes upper;  // exclusive

  bool contains(ByteView sort_key) const;
};

// In which direction a range is walked: from its lower bound on, or from its upper one.
enum class Order { kAscending, kDescending };

inline Order order_when(bool reverse) { return reverse ? Order::kDescending : Order::kAscending; }

// Whether a walk in that order comes to `a` earlier than to `b`.
bool is_before(const Bytes& a, const Bytes& b, Order order);

// The entry at a prefix itself and everything below it, never a sibling: [prefix, prefix + FF). FF
// is never a tag, and is what follows a 00 inside a string, so ["a"] does not cover ["a\u0000b"].
// The root covers everything.
KeyRange range_below(Bytes prefix_sort_key);

// Of what a prefix covers, the keys from `start` (inclusive) up to `end` (exclusive); nullopt: no
// bound. Both are the encoded parts of a key behind the prefix, so that neither can lead out of it.
// Empty if start > end.
KeyRange range_between(Bytes prefix_sort_key, const std::optional<Bytes>& start,
                       const std::optional<Bytes>& end);

}  // namespace convex_kv

// A half-open range of sort keys, and the ranges that prefixes cover.
#pragma once

#include <cstdint>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

// All sort keys k with lower <= k < upper, compared as unsigned bytes.
struct KeyRange {
  Bytes lower;  // inclusive
  Bytes upper;  // exclusive

  bool contains(ByteView sort_key) const;
};

// Neither byte is a tag. A key followed by one of them is no key; it sorts after the key and all
// that is below it, or after the key and before all that is below it.
inline constexpr std::uint8_t kBehindSubtree = 0xFF;
inline constexpr std::uint8_t kBehindKey = 0x00;

// In which direction a range is walked: from its lower bound on, or from its upper one.
enum class Order { kAscending, kDescending };

inline Order order_when(bool reverse) { return reverse ? Order::kDescending : Order::kAscending; }

// Whether a walk in that order comes to `a` earlier than to `b`.
bool is_before(const Bytes& a, const Bytes& b, Order order);

// The entry at a prefix itself and everything below it, never a sibling: [prefix, prefix + FF). FF
// is never a tag, and is what follows a 00 inside a string, so ["a"] does not cover ["a\u0000b"].
// The root covers everything.
KeyRange range_below(Bytes prefix_sort_key);

// Each of these narrows a range to a part of it, maybe to nothing. `key` is a sort key, in the
// range or not. Safe for any input.
void begin_at(KeyRange& range, Bytes key);     // from `key` on, inclusive
void begin_after(KeyRange& range, Bytes key);  // exclusive: what is below `key` comes after it
void end_before(KeyRange& range, Bytes key);   // up to `key`, exclusive
// The last part of `key` is a string or bytes: to the keys that have the parts before it, and then
// one of its type that begins with it.
void start_with(KeyRange& range, Bytes key);

}  // namespace convex_kv

// The token with which a scan continues: "after this sort key, in this range".
//
// As text it is base64url of the JSON array [version, fingerprint, position], all ASCII. It names a
// position, not a page number: entries may come and go around it. The fingerprint, over range,
// position and walk, detects cursors of other ranges and walks, and most garbage. It is no
// signature: a forged cursor still reads nothing outside the range that is asked for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"
#include "convex_kv/keys/key_range.hpp"

namespace convex_kv {

// What is walked through a range, and in which direction. A cursor is valid for its own walk only.
struct Walk {
  Order order = Order::kAscending;
  // If it goes from child to child of a prefix, not from entry to entry: the length of the prefix's
  // sort key. Two prefixes may have ranges that are the same, and other children in them.
  std::optional<std::size_t> children_behind = std::nullopt;
};

// `position` is within `range`; the scan continues after it (exclusive) in the walk's direction.
std::string encode_cursor(const KeyRange& range, ByteView position, Walk walk = {});

// The position in `text`, always within `range`; invalid_cursor if `text` was not made for exactly
// this range and walk. Safe for any input.
Result<Bytes> decode_cursor(std::string_view text, const KeyRange& range, Walk walk = {});

}  // namespace convex_kv

// The token with which a scan goes on: "after this sort key, in this range".
//
// As text it is base64url of the JSON array [version, fingerprint, position], all ASCII. It names a
// position, not a page number: entries may come and go around it. The fingerprint, over range and
// position, tells a cursor of another range, and most garbage, from one of ours. It is no
// signature: whoever forges one still reads nothing outside the range that they ask for.
#pragma once

#include <string>
#include <string_view>

#include "bytes.hpp"
#include "error.hpp"
#include "key_range.hpp"

namespace convex_kv {

// `position` is a sort key within `range`; the scan goes on after it (exclusive).
std::string encode_cursor(const KeyRange& range, ByteView position);

// The position in `text`, always within `range`; invalid_cursor where `text` was not made for
// exactly this range. Safe for any input.
Result<Bytes> decode_cursor(std::string_view text, const KeyRange& range);

}  // namespace convex_kv

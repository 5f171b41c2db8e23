// The flat form in which keys cross between JavaScript and the core: cheap to write from either
// side, with no order and no life beyond a call. js/core/keyWire.ts is its other half.
//
// Each part is a tag byte and a payload, numbers little-endian:
//   0 null   1 int64, 8 bytes   2 float64, 8 bytes   3 false   4 true
//   5 string: u32 count of UTF-16 units, the units   6 bytes: u32 count, the bytes
//
// Text crosses as UTF-16, JavaScript's own form, since TextDecoder drops a leading U+FEFF and
// TextEncoder replaces lone surrogates when that should be an error.
#pragma once

#include <optional>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/base/error.hpp"

namespace convex_kv {

// Appends the sort key of the key in `wire` to `out`. invalid_key for a string with a lone
// surrogate, invalid_request for malformed bytes; what was appended then is of no use. Safe for any
// input.
std::optional<KvError> sort_key_from_wire(ByteView wire, Bytes& out);

}  // namespace convex_kv

// The flat form in which keys cross between JavaScript and the core: cheap to write from either
// side, with no order and no life beyond a call. js/core/key_wire.ts is its other half.
//
// Each part is a tag byte and a payload, numbers little-endian:
//   0 null   1 int64, 8 bytes   2 float64, 8 bytes   3 false   4 true
//   5 string: u32 count of UTF-16 units, the units   6 bytes: u32 count, the bytes
//
// Text crosses as UTF-16, JavaScript's own form, since TextDecoder drops a leading U+FEFF and
// TextEncoder replaces lone surrogates where an error is due.
#pragma once

#include "bytes.hpp"
#include "error.hpp"
#include "key.hpp"

namespace convex_kv {

// invalid_key for a string with a lone surrogate, invalid_request for malformed bytes. Safe for any
// input.
Result<Key> key_from_wire(ByteView wire);

Bytes key_to_wire(const Key& key);

}  // namespace convex_kv

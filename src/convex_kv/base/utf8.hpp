// Text from UTF-16, as JavaScript holds it, to UTF-8, as Convex stores and sorts it.
#pragma once

#include <string>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

// Appends the text in `utf16` to `out`: units of two bytes, little-endian; an odd byte at the end
// is left out. False if it has a lone surrogate, which Convex strings never hold; what was appended
// then is of no use.
bool append_utf8(std::string& out, ByteView utf16);

}  // namespace convex_kv

// Text between UTF-16, as JavaScript holds it, and UTF-8, as Convex stores and sorts it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

// UTF-16 to UTF-8; nullopt if it has a lone surrogate (Convex strings hold none).
std::optional<std::string> utf8_from_utf16(std::u16string_view text);

// The same for UTF-16 as bytes, little-endian and of even length, appended to `out`. False if it
// has a lone surrogate; what is appended then is of no use.
bool append_utf8(std::string& out, ByteView utf16);

// Whether `text` is well-formed UTF-8: no overlong forms, surrogates or code points over U+10FFFF.
bool is_utf8(std::string_view text);

// UTF-8 to UTF-16; nullopt if `text` is not well-formed UTF-8.
std::optional<std::u16string> utf16_from_utf8(std::string_view text);

// The same as bytes, little-endian, appended to `out`. False if `text` is not well-formed; what is
// appended then is of no use.
bool append_utf16(Bytes& out, std::string_view text);

}  // namespace convex_kv

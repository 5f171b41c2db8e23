// Text from UTF-8 to UTF-16: the way back from what the core does.
#pragma once

#include <string_view>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv::test {

// Appends `text` to `out` in UTF-16, little-endian. False if it is no well-formed UTF-8 (overlong
// forms, surrogates, code points over U+10FFFF); what was appended then is of no use.
bool append_utf16(Bytes& out, std::string_view text);

}  // namespace convex_kv::test

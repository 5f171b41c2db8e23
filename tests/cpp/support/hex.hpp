// Bytes as hexadecimal text, which is how tests state them and what a failure shows.
#pragma once

#include <string>
#include <string_view>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv::test {

std::string hex(ByteView bytes);

// Spaces are passed over; anything else that is no pair of digits fails the test.
Bytes from_hex(std::string_view text);

inline Bytes bytes_of(std::string_view text) { return Bytes(text.begin(), text.end()); }

}  // namespace convex_kv::test

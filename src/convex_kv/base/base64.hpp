// Bytes as text, RFC 4648. Decoding takes exactly what encoding gives: no white space, no second
// spelling of the same bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "convex_kv/base/bytes.hpp"

namespace convex_kv {

enum class Base64 {
  kStandard,  // + and /, padded with =: what Convex's JSON holds
  kUrl,       // - and _, no padding: fit for a cursor in an address
};

std::string base64_encode(ByteView bytes, Base64 kind);
std::optional<Bytes> base64_decode(std::string_view text, Base64 kind);

}  // namespace convex_kv

#include "convex_kv/base/utf8.hpp"

#include <array>
#include <cstdint>

namespace convex_kv {

namespace {

bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

// Writes `c`, in 1 to 4 bytes, and returns where the next one goes.
char* write_code_point(char* at, char32_t c) {
  const auto put = [&at](char32_t byte) { *at++ = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
  return at;
}

}  // namespace

bool append_utf8(std::string& out, ByteView utf16) {
  const std::size_t count = utf16.size() / 2;
  const auto unit = [utf16](std::size_t i) {
    return static_cast<char16_t>(utf16[2 * i] | utf16[2 * i + 1] << 8);
  };
  // Collected in pieces, which cost less than characters one by one.
  std::array<char, 256> piece;  // NOLINT(*-member-init): read only where it was written
  char* at = piece.data();
  const auto flush = [&] {
    out.append(piece.data(), at);
    at = piece.data();
  };
  for (std::size_t i = 0; i < count; ++i) {
    char32_t c = unit(i);
    if (is_high_surrogate(c)) {
      if (i + 1 == count || !is_low_surrogate(unit(i + 1))) return false;
      c = 0x10000 + ((c - 0xD800) << 10) + (unit(++i) - 0xDC00);
    } else if (is_low_surrogate(c)) {
      return false;
    }
    at = write_code_point(at, c);
    if (at > piece.data() + piece.size() - 4) flush();
  }
  flush();
  return true;
}

}  // namespace convex_kv

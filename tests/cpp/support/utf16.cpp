#include "utf16.hpp"

#include <cstdint>
#include <optional>

namespace convex_kv::test {

namespace {

// Reads one code point off the front of `text`; nullopt if it is malformed.
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto byte = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) {
    text.remove_prefix(1);
    return first;
  }
  std::size_t length = 0;
  char32_t c = 0;
  char32_t least = 0;
  if ((first & 0xE0) == 0xC0) {
    length = 2;
    c = first & 0x1F;
    least = 0x80;
  } else if ((first & 0xF0) == 0xE0) {
    length = 3;
    c = first & 0x0F;
    least = 0x800;
  } else if ((first & 0xF8) == 0xF0) {
    length = 4;
    c = first & 0x07;
    least = 0x10000;
  } else {
    return std::nullopt;
  }
  if (text.size() < length) return std::nullopt;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    c = (c << 6) | (byte(i) & 0x3F);
  }
  if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return std::nullopt;
  text.remove_prefix(length);
  return c;
}

void put_unit(Bytes& out, char32_t unit) {
  out.push_back(static_cast<std::uint8_t>(unit));
  out.push_back(static_cast<std::uint8_t>(unit >> 8));
}

}  // namespace

bool append_utf16(Bytes& out, std::string_view text) {
  while (!text.empty()) {
    const auto c = take_code_point(text);
    if (!c) return false;
    if (*c < 0x10000) {
      put_unit(out, *c);
    } else {
      put_unit(out, 0xD800 + ((*c - 0x10000) >> 10));
      put_unit(out, 0xDC00 + ((*c - 0x10000) & 0x3FF));
    }
  }
  return true;
}

}  // namespace convex_kv::test

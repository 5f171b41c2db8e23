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

// Appends `count` UTF-16 units, which `unit` tells by position, to `out`.
template <typename Unit>
bool append_units(std::string& out, std::size_t count, Unit unit) {
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
  if (c < least || c > 0x10FFFF || is_high_surrogate(c) || is_low_surrogate(c)) return std::nullopt;
  text.remove_prefix(length);
  return c;
}

// Hands the UTF-16 units of `text` to `put`; false if it is malformed.
template <typename Put>
bool for_each_unit(std::string_view text, Put put) {
  while (!text.empty()) {
    const auto c = take_code_point(text);
    if (!c) return false;
    if (*c < 0x10000) {
      put(static_cast<char16_t>(*c));
    } else {
      put(static_cast<char16_t>(0xD800 + ((*c - 0x10000) >> 10)));
      put(static_cast<char16_t>(0xDC00 + ((*c - 0x10000) & 0x3FF)));
    }
  }
  return true;
}

}  // namespace

std::optional<std::string> utf8_from_utf16(std::u16string_view text) {
  std::string out;
  if (!append_units(out, text.size(), [text](std::size_t i) { return text[i]; })) {
    return std::nullopt;
  }
  return out;
}

bool append_utf8(std::string& out, ByteView utf16) {
  return append_units(out, utf16.size() / 2, [utf16](std::size_t i) {
    return static_cast<char16_t>(utf16[2 * i] | utf16[2 * i + 1] << 8);
  });
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (!take_code_point(text)) return false;
  }
  return true;
}

std::optional<std::u16string> utf16_from_utf8(std::string_view text) {
  std::u16string out;
  if (!for_each_unit(text, [&out](char16_t unit) { out.push_back(unit); })) return std::nullopt;
  return out;
}

bool append_utf16(Bytes& out, std::string_view text) {
  return for_each_unit(text, [&out](char16_t unit) {
    out.push_back(static_cast<std::uint8_t>(unit));
    out.push_back(static_cast<std::uint8_t>(unit >> 8));
  });
}

}  // namespace convex_kv

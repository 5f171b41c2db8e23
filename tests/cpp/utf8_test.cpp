#include "convex_kv/base/utf8.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "support/hex.hpp"
#include "support/utf16.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace utf8_test {

namespace {

Bytes little_endian(const std::u16string& text) {
  Bytes bytes;
  for (const char16_t unit : text) {
    bytes.push_back(static_cast<std::uint8_t>(unit));
    bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
  }
  return bytes;
}

std::optional<std::string> utf8_of(const std::u16string& text) {
  std::string utf8;
  if (!append_utf8(utf8, little_endian(text))) return std::nullopt;
  return utf8;
}

// One code point in UTF-16, from its definition.
std::u16string utf16_of(char32_t c) {
  if (c < 0x10000) return {static_cast<char16_t>(c)};
  return {static_cast<char16_t>(0xD800 + (c - 0x10000) / 0x400),
          static_cast<char16_t>(0xDC00 + (c - 0x10000) % 0x400)};
}

}  // namespace

TEST_SUITE("utf8") {
  TEST_CASE("the first and the last code point of each length") {
    const struct {
      char32_t point;
      const char* utf8;
    } cases[] = {
        {0x0, "00"},        {0x7F, "7f"},          {0x80, "c280"},        {0x7FF, "dfbf"},
        {0x800, "e0a080"},  {0xD7FF, "ed9fbf"},    {0xE000, "ee8080"},    {0xFEFF, "efbbbf"},
        {0xFFFF, "efbfbf"}, {0x10000, "f0908080"}, {0x1F600, "f09f9880"}, {0x10FFFF, "f48fbfbf"},
    };
    for (const auto& it : cases) {
      CAPTURE(it.utf8);
      const auto utf8 = utf8_of(utf16_of(it.point));
      REQUIRE(utf8.has_value());
      CHECK(hex(bytes_of(*utf8)) == it.utf8);
    }
  }

  TEST_CASE("every code point comes back, alone and in the middle of a text") {
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
      if (c >= 0xD800 && c <= 0xDFFF) continue;
      // All that are near a boundary, and every 17th of the rest.
      if (c > 0x900 && c % 17 != 0 && (c & 0xFFF) > 0x20 && (c & 0xFFF) < 0xFE0) continue;
      const std::u16string text = u"a" + utf16_of(c) + u"b";
      const auto utf8 = utf8_of(text);
      Bytes back;
      if (!utf8 || !append_utf16(back, *utf8) || back != little_endian(text)) {
        FAIL("code point ", c);
      }
    }
  }

  TEST_CASE("text of any length, which goes behind what there is") {
    for (std::size_t length = 0; length < 600; ++length) {
      // Ones of four bytes, so that they end anywhere in a piece.
      std::u16string text(length % 7, u'x');
      for (std::size_t i = 0; i < length; ++i) text += utf16_of(0x1F600);
      std::string utf8 = "before";
      REQUIRE(append_utf8(utf8, little_endian(text)));
      REQUIRE(utf8.size() == 6 + length % 7 + 4 * length);
      REQUIRE(utf8.starts_with("before"));
      Bytes back;
      REQUIRE(append_utf16(back, std::string_view(utf8).substr(6)));
      REQUIRE(back == little_endian(text));
    }
  }

  TEST_CASE("lone surrogates have no UTF-8") {
    for (const std::u16string& text :
         {std::u16string{0xD800}, std::u16string{0xDBFF}, std::u16string{0xDC00},
          std::u16string{0xDFFF}, std::u16string{'a', 0xD800}, std::u16string{0xD800, 'a'},
          std::u16string{0xD800, 0xD800, 0xDC00}, std::u16string{0xDC00, 0xD800},
          std::u16string{0xD800, 0xDC00, 0xDC00}}) {
      CHECK_FALSE(utf8_of(text).has_value());
    }
    CHECK(utf8_of(std::u16string{0xD800, 0xDC00}).has_value());
  }
}

}  // namespace utf8_test

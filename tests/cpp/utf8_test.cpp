#include "convex_kv/base/utf8.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "support/hex.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace utf8_test {

namespace {

std::string text_of(std::string_view digits) {
  const Bytes bytes = from_hex(digits);
  return std::string(bytes.begin(), bytes.end());
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
      const std::string utf8 = text_of(it.utf8);
      CHECK(utf8_from_utf16(utf16_of(it.point)) == utf8);
      CHECK(is_utf8(utf8));
      CHECK((utf16_from_utf8(utf8) == utf16_of(it.point)));
    }
  }

  TEST_CASE("every code point comes back, alone and in the middle of a text") {
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
      if (c >= 0xD800 && c <= 0xDFFF) continue;
      // All that are near a boundary, and every 17th of the rest.
      if (c > 0x900 && c % 17 != 0 && (c & 0xFFF) > 0x20 && (c & 0xFFF) < 0xFE0) continue;
      const std::u16string text = u"a" + utf16_of(c) + u"b";
      const auto utf8 = utf8_from_utf16(text);
      if (!utf8 || !is_utf8(*utf8) || utf16_from_utf8(*utf8) != text) FAIL("code point ", c);
    }
  }

  TEST_CASE("empty text") {
    CHECK(utf8_from_utf16(u"") == std::string());
    CHECK((utf16_from_utf8("") == std::u16string()));
    CHECK(is_utf8(""));
  }

  TEST_CASE("lone surrogates have no UTF-8") {
    for (const std::u16string& text :
         {std::u16string{0xD800}, std::u16string{0xDBFF}, std::u16string{0xDC00},
          std::u16string{0xDFFF}, std::u16string{'a', 0xD800}, std::u16string{0xD800, 'a'},
          std::u16string{0xD800, 0xD800, 0xDC00}, std::u16string{0xDC00, 0xD800},
          std::u16string{0xD800, 0xDC00, 0xDC00}}) {
      CHECK_FALSE(utf8_from_utf16(text).has_value());
    }
    CHECK(utf8_from_utf16(std::u16string{0xD800, 0xDC00}).has_value());
  }

  TEST_CASE("malformed UTF-8 is refused wherever it stands") {
    for (const char* digits :
         {"80",         "bf",       "c080",     "c1bf",   "e08080",    "e09fbf",
          "f0808080",   "f08fbfbf", "eda080",   "edbfbf", "f4908080",  "f5808080",
          "f888808080", "fe",       "ff",       "c3",     "e282",      "f09f98",
          "c328",       "e28228",   "f09f9828", "c2c280", "e282e282ac"}) {
      CAPTURE(digits);
      const std::string bad = text_of(digits);
      for (const std::string& text : {bad, "a" + bad, bad + "a", "\xC3\xA9" + bad + "\xC3\xA9"}) {
        CHECK_FALSE(is_utf8(text));
        CHECK_FALSE(utf16_from_utf8(text).has_value());
      }
    }
  }

  TEST_CASE("of all sequences of two bytes, only those of the standard are text") {
    for (int first = 0; first < 256; ++first) {
      for (int second = 0; second < 256; ++second) {
        const std::string text{static_cast<char>(first), static_cast<char>(second)};
        const bool two_ascii = first < 0x80 && second < 0x80;
        const bool one_point = first >= 0xC2 && first <= 0xDF && second >= 0x80 && second <= 0xBF;
        if (is_utf8(text) != (two_ascii || one_point)) FAIL("bytes ", first, " ", second);
      }
    }
  }
}

}  // namespace utf8_test

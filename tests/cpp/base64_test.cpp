#include "convex_kv/base/base64.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/hex.hpp"
#include "support/random.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace base64_test {

namespace {

constexpr Base64 kBoth[] = {Base64::kStandard, Base64::kUrl};

std::string encode(std::string_view text, Base64 kind) {
  return base64_encode(bytes_of(text), kind);
}

}  // namespace

TEST_SUITE("base64") {
  TEST_CASE("the examples of RFC 4648") {
    const struct {
      const char* text;
      const char* standard;
      const char* url;
    } cases[] = {
        {"", "", ""},
        {"f", "Zg==", "Zg"},
        {"fo", "Zm8=", "Zm8"},
        {"foo", "Zm9v", "Zm9v"},
        {"foob", "Zm9vYg==", "Zm9vYg"},
        {"fooba", "Zm9vYmE=", "Zm9vYmE"},
        {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
        {"\xFB\xEF\xBE", "++++", "----"},
        {"\xFF\xFF\xFF", "////", "____"},
    };
    for (const auto& it : cases) {
      CAPTURE(it.standard);
      CHECK(encode(it.text, Base64::kStandard) == it.standard);
      CHECK(encode(it.text, Base64::kUrl) == it.url);
      CHECK(base64_decode(it.standard, Base64::kStandard) == bytes_of(it.text));
      CHECK(base64_decode(it.url, Base64::kUrl) == bytes_of(it.text));
    }
  }

  TEST_CASE("bytes of every length come back") {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      Bytes bytes;
      while (bytes.size() < seed % 100) bytes.push_back(static_cast<std::uint8_t>(random.bits()));
      for (const Base64 kind : kBoth) {
        REQUIRE(base64_decode(base64_encode(bytes, kind), kind) == bytes);
      }
    }
  }

  TEST_CASE("each kind refuses the other's letters and padding") {
    CHECK_FALSE(base64_decode("----", Base64::kStandard).has_value());
    CHECK_FALSE(base64_decode("____", Base64::kStandard).has_value());
    CHECK_FALSE(base64_decode("++++", Base64::kUrl).has_value());
    CHECK_FALSE(base64_decode("////", Base64::kUrl).has_value());
    CHECK_FALSE(base64_decode("Zg", Base64::kStandard).has_value());
    CHECK_FALSE(base64_decode("Zg==", Base64::kUrl).has_value());
    CHECK_FALSE(base64_decode("Zm8=", Base64::kUrl).has_value());
  }

  TEST_CASE("what no encoder writes is refused") {
    for (const char* text :
         {"Z",     "Z===",   "Zg=",     "Zg===",    "====",    "=",           "==",   "A=B=",
          "AA=A",  "=AAA",   "Zm9vZg=", "Zm9v====", "Zm9v=",   " Zg=",        "Zg= ", "Zg==\n",
          "Zm 9v", "Zm9v\n", "Zm9v ",   "Zm9*",     "Zm\x80v", "Zm9v\t\t\t\t"}) {
      CAPTURE(text);
      CHECK_FALSE(base64_decode(text, Base64::kStandard).has_value());
    }
    for (const char* text : {"Z", "Zm9vZ", " Zg", "Zg ", "Zg\n", "Zg=", "Z=", "Zm9v ", "Zm.v"}) {
      CAPTURE(text);
      CHECK_FALSE(base64_decode(text, Base64::kUrl).has_value());
    }
    CHECK_FALSE(base64_decode(std::string_view("Zm\0v", 4), Base64::kUrl).has_value());
  }

  TEST_CASE("bits that belong to no byte must be zero") {
    CHECK_FALSE(base64_decode("Zh==", Base64::kStandard).has_value());
    CHECK_FALSE(base64_decode("Zm9=", Base64::kStandard).has_value());
    CHECK_FALSE(base64_decode("Zh", Base64::kUrl).has_value());
    CHECK_FALSE(base64_decode("Zm9", Base64::kUrl).has_value());
  }

  TEST_CASE("no two short texts decode to the same bytes") {
    const std::string letters = "AQgw/+-_= z9";
    for (const Base64 kind : kBoth) {
      for (const char a : letters) {
        for (const char b : letters) {
          for (const char c : letters) {
            for (const char d : letters) {
              const std::string text{a, b, c, d};
              for (std::size_t size = 1; size <= text.size(); ++size) {
                const std::string_view part = std::string_view(text).substr(0, size);
                const auto bytes = base64_decode(part, kind);
                if (bytes && base64_encode(*bytes, kind) != part) FAIL("second spelling: ", part);
              }
            }
          }
        }
      }
    }
  }
}

}  // namespace base64_test

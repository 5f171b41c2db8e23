#include "convex_kv/json/convex_json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "convex_kv/base/float_bits.hpp"
#include "support/hex.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace convex_json_test {

namespace {

using Float = std::numeric_limits<double>;
constexpr double kLargest = 9007199254740991;  // 2^53 - 1

std::string text_of(double number) { return dump_json(json_from_number(number)); }

std::optional<double> number_of(std::string_view text) {
  const auto json = parse_json(text);
  return json ? number_from_json(*json) : std::nullopt;
}

std::string repeat(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_SUITE("convex_json") {
  TEST_CASE("whole numbers within 2^53 - 1, and no others") {
    CHECK(whole_number(0) == 0);
    CHECK(whole_number(-7) == -7);
    CHECK(whole_number(kLargest) == 9007199254740991);
    CHECK(whole_number(-kLargest) == -9007199254740991);
    for (const double number : {kLargest + 1, -kLargest - 1, 0.5, -0.5, 1e300, Float::denorm_min(),
                                Float::infinity(), -Float::infinity(), Float::quiet_NaN()}) {
      CAPTURE(number);
      CHECK_FALSE(whole_number(number).has_value());
    }
  }

  TEST_CASE("whole numbers are written as digits, all others as $float") {
    CHECK(text_of(0) == "0");
    CHECK(text_of(-5) == "-5");
    CHECK(text_of(kLargest) == "9007199254740991");
    CHECK(text_of(-kLargest) == "-9007199254740991");
    CHECK(text_of(kLargest + 1) == R"({"$float":"AAAAAAAAQEM="})");
    CHECK(text_of(-0.0) == R"({"$float":"AAAAAAAAAIA="})");
    CHECK(text_of(0.5) == R"({"$float":"AAAAAAAA4D8="})");
    CHECK(text_of(Float::infinity()) == R"({"$float":"AAAAAAAA8H8="})");
    CHECK(text_of(-Float::infinity()) == R"({"$float":"AAAAAAAA8P8="})");
    CHECK(text_of(Float::quiet_NaN()) == R"({"$float":"AAAAAAAA+H8="})");
  }

  TEST_CASE("numbers come back bit for bit") {
    for (const double number :
         {0.0, -0.0, 1.0, -1.0, 1.5, 0.1, kLargest, -kLargest, kLargest + 1, 1e22, 1754000000000.25,
          Float::max(), Float::lowest(), Float::denorm_min(), Float::infinity(), -Float::infinity(),
          Float::quiet_NaN()}) {
      CAPTURE(number);
      const auto back = number_of(text_of(number));
      REQUIRE(back.has_value());
      CHECK(bits_from_double(*back) == bits_from_double(number));
    }
  }

  TEST_CASE("large integers keep their sign and size") {
    CHECK(number_of("9007199254740992") == 9007199254740992.0);
    CHECK(number_of("9223372036854775807") == 9223372036854775808.0);
    CHECK(number_of("9223372036854775808") == 9223372036854775808.0);
    CHECK(number_of("18446744073709551615") == 18446744073709551616.0);
    CHECK(number_of("-9223372036854775808") == -9223372036854775808.0);
  }

  TEST_CASE("what is no number") {
    for (const char* text :
         {"\"1\"", "null", "true", "[]", "[1]", "{}", R"({"$float":1})", R"({"$float":""})",
          R"({"$float":"AAAAAAAA8H8"})", R"({"$float":"AAAAAAAA8A=="})",
          R"({"$float":"AAAAAAAAAADwfw=="})", R"({"$bytes":"AAAAAAAA8H8="})"}) {
      CAPTURE(text);
      CHECK_FALSE(number_of(text).has_value());
    }
  }

  TEST_CASE("bytes") {
    CHECK(dump_json(json_from_bytes({})) == R"({"$bytes":""})");
    CHECK(dump_json(json_from_bytes(Bytes{0x00, 0xFB, 0xFF})) == R"({"$bytes":"APv/"})");
    CHECK(bytes_from_json(json_from_bytes(Bytes{0x00, 0xFB})) == Bytes{0x00, 0xFB});
    CHECK(bytes_from_json(json_from_bytes({})) == Bytes{});
    for (const char* text : {R"("APv/")", R"({"$bytes":"APv_"})", R"({"$bytes":"AP"})",
                             R"({"$bytes":1})", R"({"$float":"APv/"})", "{}", "[]", "null", "1"}) {
      CAPTURE(text);
      CHECK_FALSE(bytes_from_json(*parse_json(text)).has_value());
    }
  }

  TEST_CASE("members") {
    const auto json = parse_json(R"({"n":7,"s":"x","b":{"$bytes":"AA=="},"z":null})");
    REQUIRE(json.has_value());
    CHECK(number_member(*json, "n") == 7.0);
    CHECK(string_member(*json, "s") == "x");
    CHECK(bytes_member(*json, "b") == Bytes{0});
    REQUIRE(member(*json, "z") != nullptr);
    CHECK(member(*json, "z")->is_null());
    for (const char* name : {"s", "b", "z", "none"})
      CHECK_FALSE(number_member(*json, name).has_value());
    for (const char* name : {"n", "b", "z", "none"})
      CHECK_FALSE(string_member(*json, name).has_value());
    for (const char* name : {"n", "s", "z", "none"})
      CHECK_FALSE(bytes_member(*json, name).has_value());
    for (const char* text : {"[1]", "1", "null", "\"n\""})
      CHECK(member(*parse_json(text), "n") == nullptr);
  }

  TEST_CASE("text is written in ASCII and comes back") {
    const std::string text = "\xEF\xBB\xBF\"\\\n\x01 \xC3\xA9 \xF0\x9F\x98\x80";
    const std::string dumped = dump_json(Json(text));
    CHECK(dumped == R"("\ufeff\"\\\n\u0001 \u00e9 \ud83d\ude00")");
    CHECK(parse_json(dumped)->get<std::string>() == text);
    CHECK(dump_json(Json("\xFF")) == R"("\ufffd")");
  }

  TEST_CASE("objects keep the order of their members") {
    CHECK(dump_json(*parse_json(R"( {"b": 1, "a": [true, {"d": null, "c": []}]} )")) ==
          R"({"b":1,"a":[true,{"d":null,"c":[]}]})");
  }

  TEST_CASE("what is not JSON, and numbers that are not whole") {
    for (const char* text : {"",
                             " ",
                             "{",
                             "}",
                             "[",
                             "[1",
                             "[1,",
                             "[1,]",
                             "{\"a\"",
                             "{\"a\":",
                             "{\"a\":1",
                             "{\"a\":1,}",
                             "{a:1}",
                             "{1:1}",
                             "nul",
                             "NaN",
                             "Infinity",
                             "-",
                             "+1",
                             "01",
                             "0x1",
                             "1 2",
                             "[] []",
                             "'a'",
                             "\"",
                             "\"a",
                             "\"\\",
                             "\"\\u00",
                             "\"\\x\"",
                             "\"\\ud800\"",
                             "\"\\udc00\"",
                             "\"\n\"",
                             "\"\xFF\"",
                             "\"\xC3\"",
                             "\"\xED\xA0\x80\"",
                             "1.5",
                             "1.0",
                             "-0.0",
                             "1e3",
                             "1E-2",
                             "1e999",
                             "[1.5]",
                             "18446744073709551616",
                             "-9223372036854775809",
                             "// a\n1",
                             "[1]x"}) {
      CAPTURE(text);
      CHECK_FALSE(parse_json(text).has_value());
    }
    CHECK_FALSE(parse_json(std::string_view("\"\0\"", 3)).has_value());
    CHECK_FALSE(parse_json(std::string_view("\0", 1)).has_value());
  }

  TEST_CASE("nesting 100,000 deep does no harm") {
    constexpr int kDepth = 100000;
    CHECK(parse_json(repeat("[", kDepth) + repeat("]", kDepth)).has_value());
    CHECK(parse_json(repeat("{\"a\":", kDepth) + "1" + repeat("}", kDepth)).has_value());
    CHECK_FALSE(parse_json(repeat("[", kDepth)).has_value());
    CHECK_FALSE(parse_json(repeat("[{\"a\":", kDepth)).has_value());
    CHECK_FALSE(parse_json(repeat("[", kDepth) + "1.5").has_value());
  }
}

}  // namespace convex_json_test

#include "convex_kv/plans/cursor.hpp"

#include <doctest/doctest.h>

#include <string>

#include "convex_kv/base/base64.hpp"
#include "convex_kv/base/limits.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/random_key.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace cursor_test {

namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n";

Key path(const std::string& a) { return {a}; }
Key path(const std::string& a, const std::string& b) { return {a, b}; }

KeyRange range_of(const Key& prefix) { return *prefix_range(prefix); }

void check_refused(std::string_view text, const KeyRange& range) {
  const auto position = decode_cursor(text, range);
  if (position) FAIL("accepted: ", text);
  if (position.error().code != ErrorCode::kInvalidCursor) FAIL("wrong code for ", text);
}

std::string url(std::string_view text) { return base64_encode(bytes_of(text), Base64::kUrl); }

}  // namespace

TEST_SUITE("cursor") {
  TEST_CASE("gives back the position it was made for") {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Key prefix = random_key(random, 2);
      Key key = prefix;
      for (const KeyPart& part : random_key(random, 3)) key.push_back(part);
      const Bytes position = *encode_sort_key(key);
      const std::string text = encode_cursor(range_of(prefix), position);
      const auto back = decode_cursor(text, range_of(prefix));
      REQUIRE(back.ok());
      REQUIRE(hex(*back) == hex(position));
    }
  }

  TEST_CASE("holds the longest position") {
    const Bytes position = *encode_sort_key({std::string(kMaxKeyBytes - 2, 'x')});
    const KeyRange range = range_of({});
    CHECK(*decode_cursor(encode_cursor(range, position), range) == position);
  }

  TEST_CASE("is text that fits into an address") {
    const std::string text = encode_cursor(
        range_of({}), *encode_sort_key({Bytes{0xFF, 0xFE, 0x00}, std::string("a b")}));
    CHECK(text.find_first_not_of(kLetters.substr(0, 64)) == std::string::npos);
  }

  TEST_CASE("every other range refuses it") {
    const std::string text = encode_cursor(range_of(path("a")), *encode_sort_key(path("a", "b")));
    for (const Key& prefix : {Key{}, path("a", "b"), path("b"), path("aa"), path(""), Key{Null{}},
                              Key{Bytes{'a'}}, path("a", "")}) {
      check_refused(text, range_of(prefix));
    }
    // The root's range holds the position too, and this one all but its end.
    KeyRange shorter = range_of(path("a"));
    shorter.upper.back() = 0xFE;
    check_refused(text, shorter);
    CHECK(decode_cursor(text, range_of(path("a"))).ok());
  }

  TEST_CASE("random pairs of prefixes refuse each other's") {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Key mine = random_path(random, 2);
      const Key other = random_path(random, 2);
      Key key = mine;
      key.emplace_back(std::string("a"));
      const std::string text = encode_cursor(range_of(mine), *encode_sort_key(key));
      REQUIRE(decode_cursor(text, range_of(other)).ok() == same_key(mine, other));
    }
  }

  TEST_CASE("every change of one character refuses") {
    const KeyRange range = range_of(path("users"));
    const std::string text = encode_cursor(range, *encode_sort_key(path("users", "12")));
    for (std::size_t i = 0; i < text.size(); ++i) {
      CAPTURE(i);
      for (const char letter : kLetters) {
        std::string changed = text;
        changed[i] = letter;
        if (letter != text[i]) check_refused(changed, range);
      }
      std::string without = text;
      without.erase(i, 1);
      check_refused(without, range);
      check_refused(std::string_view(text).substr(0, i), range);
    }
  }

  TEST_CASE("the same in another way of writing refuses") {
    const KeyRange range = range_of(path("users"));
    const std::string text = encode_cursor(range, *encode_sort_key(path("users", "12")));
    const auto json = base64_decode(text, Base64::kUrl);
    REQUIRE(json);
    const std::string plain(json->begin(), json->end());
    REQUIRE(url(plain) == text);
    check_refused(url(plain + " "), range);
    check_refused(url(plain + std::string(1, '\0')), range);
    check_refused(url("[1, " + plain.substr(3)), range);
    check_refused(text + "A", range);
  }

  TEST_CASE("children of two prefixes are two walks, where their ranges are the same too") {
    const KeyRange range = range_between(
        *encode_sort_key(path("a")),
        {.start = *encode_sort_key(path("b", "x")), .end = *encode_sort_key(path("b", "y"))});
    const KeyRange same =
        range_between(*encode_sort_key(path("a", "b")),
                      {.start = *encode_sort_key(path("x")), .end = *encode_sort_key(path("y"))});
    REQUIRE(range.lower == same.lower);
    REQUIRE(range.upper == same.upper);
    const Bytes position = *encode_sort_key({std::string("a"), std::string("b"), std::string("x")});
    const Walk one{Order::kAscending, encode_sort_key(path("a"))->size()};
    const Walk other{Order::kAscending, encode_sort_key(path("a", "b"))->size()};
    const std::string text = encode_cursor(range, position, one);
    CHECK(decode_cursor(text, range, one).ok());
    CHECK(!decode_cursor(text, range, other).ok());
    CHECK(!decode_cursor(text, range).ok());
  }

  TEST_CASE("garbage refuses") {
    const KeyRange range = range_of({});
    for (const std::string& text : {std::string("x"),
                                    std::string("garbage"),
                                    std::string("0"),
                                    std::string("null"),
                                    std::string(10000, 'A'),
                                    std::string("\0", 1),
                                    std::string("\xF0\x9F\x98\x80"),
                                    url("[]"),
                                    url("{}"),
                                    url("1"),
                                    url("null"),
                                    url("[1]"),
                                    url("[1,2,3]"),
                                    url("[1,\"\",\"\"]"),
                                    url("[1,null,null]"),
                                    url("[2,\"AAAAAAAAAAA\",\"\"]"),
                                    url("[1,\"AAAAAAAAAAA\",\"EGEA\"]"),
                                    url("[1,\"AAAAAAAAAAA\",\"EGEA\",1]"),
                                    url("[1,\"AAAAAAAAAAA\",{}]"),
                                    url("[\"1\",\"\",\"\"]"),
                                    url("[1.0,\"\",\"\"]"),
                                    url(std::string(5000, '['))}) {
      check_refused(text, range);
    }
  }

  TEST_CASE("a forged position outside the range refuses, whatever its fingerprint") {
    const KeyRange range = range_of(path("a"));
    for (const Key& key : {Key{}, path("b"), path("aa"), path(""), path(std::string("a\0b", 3)),
                           Key{Null{}}, Key{Bytes{1}}}) {
      check_refused(encode_cursor(range, *encode_sort_key(key)), range);
    }
    check_refused(encode_cursor(range, range.upper), range);
    CHECK(decode_cursor(encode_cursor(range, range.lower), range).ok());
  }

  TEST_CASE("the empty cursor is the end") {
    const auto end = decode_cursor("", range_of({}));
    REQUIRE_FALSE(end.ok());
    CHECK(end.error().code == ErrorCode::kInvalidCursor);
    CHECK(end.error().message.find("last page") != std::string::npos);
  }
}

}  // namespace cursor_test

// Ranges below a prefix, and the first part of a key.
#include <doctest/doctest.h>

#include <algorithm>
#include <variant>

#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "support/key.hpp"
#include "support/random_key.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace key_range_between_test {

namespace {

std::optional<Bytes> maybe_key(Random& random) {
  if (random.chance(50)) return std::nullopt;
  return *encode_sort_key(random.chance(50) ? random_path(random, 3) : random_key(random, 3));
}

Bytes joined(const Bytes& prefix, const Bytes& rest) {
  Bytes all = prefix;
  append(all, rest);
  return all;
}

template <typename Text>
bool begins_with(const KeyPart& part, const KeyPart& beginning) {
  const auto* whole = std::get_if<Text>(&part);
  const auto* start = std::get_if<Text>(&beginning);
  return whole && start && whole->size() >= start->size() &&
         std::equal(start->begin(), start->end(), whole->begin());
}

// A text or bytes, and what a part has to be to begin with it.
KeyPart random_text(Random& random) {
  for (;;) {
    KeyPart part = random_part(random);
    if (std::holds_alternative<std::string>(part) || std::holds_alternative<Bytes>(part)) {
      return part;
    }
  }
}

// How `text` begins, up to somewhere: of a string, up to the end of a character.
KeyPart cut(KeyPart text, Random& random) {
  const auto length = [&random](const auto& all) { return random.below(all.size() + 1); };
  if (auto* bytes = std::get_if<Bytes>(&text)) bytes->resize(length(*bytes));
  if (auto* string = std::get_if<std::string>(&text)) {
    std::size_t end = length(*string);
    while (end < string->size() && ((*string)[end] & 0xC0) == 0x80) ++end;
    string->resize(end);
  }
  return text;
}

// Whether a sort key begins with these bytes.
bool within(const Bytes& key, const Bytes& start) {
  return key.size() >= start.size() && std::equal(start.begin(), start.end(), key.begin());
}

// How all parts begin that begin with `text`: its sort key without its end.
Bytes opened(const KeyPart& text) {
  Bytes sort_key = *encode_sort_key({text});
  sort_key.pop_back();
  return sort_key;
}

}  // namespace

TEST_SUITE("key_range, between") {
  TEST_CASE("whatever start and end are, the range is what they say of the prefix's") {
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Bytes prefix = *encode_sort_key(random_path(random, 2));
      Bounds bounds{
          .start = maybe_key(random), .after = maybe_key(random), .end = maybe_key(random)};
      const auto& [start, after, end, starts_with] = bounds;
      const KeyPart text = random_text(random);
      if (random.chance(30)) bounds.starts_with = *encode_sort_key({text});
      const KeyRange whole = range_below(prefix);
      const KeyRange range = range_between(prefix, bounds);
      REQUIRE(whole.lower <= range.lower);
      REQUIRE(range.lower <= range.upper);
      // An upper bound at most the prefix's, or no more than an empty range beyond it.
      REQUIRE(range.upper <= whole.upper);
      for (int i = 0; i < 10; ++i) {
        Key parts = random_path(random, 4);
        if (starts_with && random.chance(50)) parts.insert(parts.begin(), text);
        const Bytes other = *encode_sort_key(parts);
        const Bytes key = random.chance(50) ? joined(prefix, other) : other;
        const bool expected = whole.contains(key) && (!start || key >= joined(prefix, *start)) &&
                              (!after || key > joined(prefix, *after)) &&
                              (!end || key < joined(prefix, *end)) &&
                              (!starts_with || within(key, joined(prefix, opened(text))));
        REQUIRE(range.contains(key) == expected);
      }
    }
  }
}

TEST_SUITE("key_range, what starts with a text") {
  TEST_CASE("it holds exactly the keys whose next part is of that type and begins so") {
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Key prefix = random_path(random, 1);
      const KeyPart text = random_text(random);
      const KeyPart beginning = random.chance(50) ? cut(text, random) : random_text(random);
      const KeyRange range =
          range_between(*encode_sort_key(prefix), {.starts_with = *encode_sort_key({beginning})});
      const KeyPart part = random.chance(60) ? text : random_part(random);
      Key key = prefix;
      const bool has_part = random.chance(95);
      if (has_part) {
        key.push_back(part);
        for (const KeyPart& more : random_key(random, 2)) key.push_back(more);
      }
      const bool expected = has_part && (begins_with<std::string>(part, beginning) ||
                                         begins_with<Bytes>(part, beginning));
      REQUIRE(range.contains(*encode_sort_key(key)) == expected);
    }
  }

  TEST_CASE("at the edges of Unicode, and of bytes") {
    const auto holds = [](const KeyPart& beginning, const KeyPart& part) {
      const KeyRange range = range_between({}, {.starts_with = *encode_sort_key({beginning})});
      return range.contains(*encode_sort_key({part}));
    };
    const std::string last = "\xF4\x8F\xBF\xBF";    // U+10FFFF
    const std::string before_gap = "\xED\x9F\xBF";  // U+D7FF
    const std::string behind_gap = "\xEE\x80\x80";  // U+E000
    const std::string zero(1, '\0');
    CHECK(holds(std::string(), std::string()));
    CHECK(holds(std::string(), last + last));
    CHECK_FALSE(holds(std::string(), Bytes{}));
    CHECK_FALSE(holds(std::string(), true));
    CHECK(holds(last, last));
    CHECK(holds(last, last + last));
    CHECK_FALSE(holds(last, Bytes{}));
    CHECK(holds(before_gap, before_gap + last));
    CHECK_FALSE(holds(before_gap, behind_gap));
    CHECK(holds("a", "a" + zero));
    CHECK(holds("a" + zero, "a" + zero + last));
    CHECK_FALSE(holds("a" + zero, std::string("a")));
    CHECK_FALSE(holds("a" + zero, std::string("a\x01")));
    CHECK(holds(Bytes{}, Bytes{0xFF, 0xFF}));
    CHECK(holds(Bytes{0xFF}, Bytes{0xFF, 0xFF}));
    CHECK(holds(Bytes{0xFF, 0xFF}, Bytes{0xFF, 0xFF, 0x00}));
    CHECK_FALSE(holds(Bytes{0xFF, 0xFF}, Bytes{0xFF}));
    CHECK(holds(Bytes{0x00}, Bytes{0x00, 0xFF}));
    CHECK_FALSE(holds(Bytes{0x00}, Bytes{0x01}));
    CHECK_FALSE(holds(Bytes{0x00}, Bytes{}));
  }

  TEST_CASE("whatever else it is given, the range stays within the prefix") {
    for (const Key& key : {Key{}, Key{1.0}, Key{true}, Key{Null{}}, Key{std::int64_t{256}},
                           Key{std::string("a"), std::string("b")}, Key{Bytes{0xFF}, Null{}}}) {
      const Bytes beginning = *encode_sort_key(key);
      for (const Bytes& prefix : {Bytes{}, *encode_sort_key({std::string("p")})}) {
        const KeyRange whole = range_below(prefix);
        const KeyRange range = range_between(prefix, {.starts_with = beginning});
        CHECK(whole.lower <= range.lower);
        CHECK(range.lower <= range.upper);
        CHECK(range.upper <= whole.upper);
      }
    }
  }
}

TEST_SUITE("sort_key, the first part") {
  TEST_CASE("its length is that of its encoding") {
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Key key = random_key(random, 3);
      const std::size_t length = first_part_length(*encode_sort_key(key));
      if (key.empty()) {
        REQUIRE(length == 0);
      } else {
        REQUIRE(length == encode_sort_key({key.front()})->size());
      }
    }
  }

  TEST_CASE("what is no part has none, and any bytes do no harm") {
    for (const Bytes& bytes : {Bytes{}, Bytes{0x00}, Bytes{0xFF}, Bytes{0x10}, Bytes{0x10, 0x61},
                               Bytes{0x11, 0x00, 0xFF}, Bytes{0x0D, 1, 2, 3, 4, 5, 6, 7},
                               Bytes{0x0C, 1}, Bytes{0x04, 1}, Bytes{0x02}}) {
      CHECK(first_part_length(bytes) == 0);
    }
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
      Random random(seed);
      Bytes bytes;
      for (std::uint64_t n = random.below(12); n > 0; --n) {
        bytes.push_back(
            static_cast<std::uint8_t>(random.chance(60) ? random.below(0x12) : random.below(256)));
      }
      REQUIRE(first_part_length(bytes) <= bytes.size());
    }
  }
}

}  // namespace key_range_between_test

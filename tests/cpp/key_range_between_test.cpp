// Ranges below a prefix, and the first part of a key.
#include <doctest/doctest.h>

#include "convex_kv/keys/key_range.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "support/key.hpp"
#include "support/random_key.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace key_range_between_test {

namespace {

std::optional<Bytes> maybe_key(Random& random) {
  if (random.chance(30)) return std::nullopt;
  return *encode_sort_key(random.chance(50) ? random_path(random, 3) : random_key(random, 3));
}

Bytes joined(const Bytes& prefix, const Bytes& rest) {
  Bytes all = prefix;
  append(all, rest);
  return all;
}

}  // namespace

TEST_SUITE("key_range, between") {
  TEST_CASE("whatever start and end are, the range is what they say of the prefix's") {
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Bytes prefix = *encode_sort_key(random_path(random, 2));
      const auto start = maybe_key(random);
      const auto end = maybe_key(random);
      const KeyRange whole = range_below(prefix);
      const KeyRange range = range_between(prefix, start, end);
      REQUIRE(whole.lower <= range.lower);
      REQUIRE(range.lower <= range.upper);
      // An upper bound at most the prefix's, or no more than an empty range beyond it.
      REQUIRE(range.upper <= whole.upper);
      for (int i = 0; i < 10; ++i) {
        const Bytes other = *encode_sort_key(random_path(random, 4));
        const Bytes key = random.chance(50) ? joined(prefix, other) : other;
        const bool expected = whole.contains(key) && (!start || key >= joined(prefix, *start)) &&
                              (!end || key < joined(prefix, *end));
        REQUIRE(range.contains(key) == expected);
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

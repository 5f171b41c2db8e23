#include "convex_kv/keys/key_range.hpp"

#include <doctest/doctest.h>

#include <string>

#include "convex_kv/base/limits.hpp"
#include "convex_kv/keys/sort_key.hpp"
#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/random_key.hpp"
#include "support/vectors.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace key_range_test {

namespace {

bool covers(const Key& prefix, const Key& key) {
  const auto range = prefix_range(prefix);
  const auto sort_key = encode_sort_key(key);
  REQUIRE(range.ok());
  REQUIRE(sort_key.ok());
  return range->contains(*sort_key);
}

// What a prefix is, by its parts.
bool starts_with(const Key& key, const Key& prefix) {
  return key.size() >= prefix.size() &&
         same_key(Key(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(prefix.size())),
                  prefix);
}

}  // namespace

TEST_SUITE("key_range") {
  TEST_CASE("the vectors") {
    for (const RangeVector& vector : range_vectors()) {
      CAPTURE(vector.name);
      CHECK(covers(vector.prefix, vector.key) == vector.covered);
    }
  }

  TEST_CASE("the bounds are the prefix's bytes, and those with FF behind them") {
    const auto range = prefix_range({std::string("a")});
    CHECK(hex(range->lower) == "106100");
    CHECK(hex(range->upper) == "106100ff");
    const auto root = prefix_range({});
    CHECK(hex(root->lower) == "");
    CHECK(hex(root->upper) == "ff");
  }

  TEST_CASE("lower is in, upper is out") {
    const KeyRange range{{2}, {4}};
    CHECK_FALSE(range.contains(Bytes{}));
    CHECK_FALSE(range.contains(Bytes{1, 0xFF}));
    CHECK(range.contains(Bytes{2}));
    CHECK(range.contains(Bytes{2, 0}));
    CHECK(range.contains(Bytes{3, 0xFF, 0xFF}));
    CHECK_FALSE(range.contains(Bytes{4}));
    CHECK_FALSE(range.contains(Bytes{0x80}));
  }

  TEST_CASE("random prefixes cover what starts with them, of keys of strings") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Key prefix = random_path(random, 3);
      for (int i = 0; i < 40; ++i) {
        const Key key = random_path(random, 4);
        if (covers(prefix, key) != starts_with(key, prefix)) FAIL(hex(*encode_sort_key(key)));
      }
    }
  }

  TEST_CASE("random prefixes cover what starts with them, of keys of any types") {
    for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const Key prefix = random_key(random, 2);
      Key below = prefix;
      for (const KeyPart& part : random_key(random, 3)) below.push_back(part);
      REQUIRE(covers(prefix, below));
      const Key other = random_key(random, 3);
      REQUIRE(covers(prefix, other) == starts_with(other, prefix));
    }
  }

  TEST_CASE("the longest prefix has a range, a longer one none") {
    const auto longest = prefix_range({std::string(kMaxKeyBytes - 2, 'x')});
    REQUIRE(longest.ok());
    CHECK(longest->contains(longest->lower));
    const auto longer = prefix_range({std::string(kMaxKeyBytes - 1, 'x')});
    REQUIRE_FALSE(longer.ok());
    CHECK(longer.error().code == ErrorCode::kInvalidKey);
  }
}

}  // namespace key_range_test

// The order of keys, judged by their values alone, is the order of their bytes.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "convex_kv/keys/sort_key.hpp"
#include "support/hex.hpp"
#include "support/key.hpp"
#include "support/random_key.hpp"
#include "support/vectors.hpp"

using namespace convex_kv;
using namespace convex_kv::test;

namespace sort_key_order_test {

namespace {

template <typename T>
int sign(const T& a, const T& b) {
  if (a < b) return -1;
  return b < a ? 1 : 0;
}

// -0 before 0, NaN after all others.
int compare_floats(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return sign(std::isnan(a), std::isnan(b));
  if (a == 0 && b == 0) return sign(!std::signbit(a), !std::signbit(b));
  return sign(a, b);
}

std::u32string code_points(const std::string& utf8) {
  std::u32string points;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      points.push_back(byte);
    } else if (byte < 0xC0) {
      points.back() = points.back() << 6 | (byte & 0x3F);
    } else {
      points.push_back(byte < 0xE0 ? byte & 0x1F : byte < 0xF0 ? byte & 0x0F : byte & 0x07);
    }
  }
  return points;
}

// Convex's order: null, int64, float64, boolean, string, bytes; within a type, by value.
int compare_parts(const KeyPart& a, const KeyPart& b) {
  if (a.index() != b.index()) return sign(a.index(), b.index());
  if (const auto* x = std::get_if<std::int64_t>(&a)) return sign(*x, std::get<std::int64_t>(b));
  if (const auto* x = std::get_if<double>(&a)) return compare_floats(*x, std::get<double>(b));
  if (const auto* x = std::get_if<bool>(&a)) return sign(*x, std::get<bool>(b));
  if (const auto* x = std::get_if<std::string>(&a)) {
    return sign(code_points(*x), code_points(std::get<std::string>(b)));
  }
  if (const auto* x = std::get_if<Bytes>(&a)) return sign(*x, std::get<Bytes>(b));
  return 0;
}

// Part by part; a prefix comes before what it is a prefix of.
int compare_keys(const Key& a, const Key& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int order = compare_parts(a[i], b[i])) return order;
  }
  return sign(a.size(), b.size());
}

void check_order(const Key& a, const Key& b) {
  const auto x = encode_sort_key(a);
  const auto y = encode_sort_key(b);
  if (!x || !y) FAIL("a random key is too long");
  if (sign(*x, *y) != compare_keys(a, b)) FAIL("order of ", hex(*x), " and ", hex(*y));
}

}  // namespace

TEST_SUITE("sort_key order") {
  TEST_CASE("the types stand in Convex's order") {
    const Key in_order{Null{}, std::int64_t{5}, -1.0, true, std::string(), Bytes()};
    for (std::size_t i = 1; i < in_order.size(); ++i) {
      CHECK(*encode_sort_key({in_order[i - 1]}) < *encode_sort_key({in_order[i]}));
    }
  }

  TEST_CASE("every pair of vectors") {
    for (const KeyVector& a : key_vectors()) {
      for (const KeyVector& b : key_vectors()) check_order(a.key, b.key);
    }
  }

  TEST_CASE("pairs of random keys") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      std::vector<Key> keys;
      for (int i = 0; i < 60; ++i) keys.push_back(random_key(random, 3));
      for (const Key& a : keys) {
        for (const Key& b : keys) check_order(a, b);
      }
    }
  }

  TEST_CASE("neighbours among many random keys") {
    constexpr std::uint64_t kSeed = 20240817;
    INFO("seed ", kSeed);
    Random random(kSeed);
    std::vector<Key> keys;
    for (int i = 0; i < 5000; ++i) keys.push_back(random_key(random, 4));
    std::sort(keys.begin(), keys.end(),
              [](const Key& a, const Key& b) { return compare_keys(a, b) < 0; });
    for (std::size_t i = 1; i < keys.size(); ++i) check_order(keys[i - 1], keys[i]);
  }

  TEST_CASE("the next int64 has greater bytes") {
    for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
      INFO("seed ", seed);
      Random random(seed);
      const auto n = static_cast<std::int64_t>(random.bits() >> 1) >> random.below(63);
      check_order({n}, {n + (n == INT64_MAX ? -1 : 1)});
      check_order({-n}, {-n - 1});
    }
  }
}

}  // namespace sort_key_order_test

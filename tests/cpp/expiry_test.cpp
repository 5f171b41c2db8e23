#include "convex_kv/rules/expiry.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace convex_kv;

namespace expiry_test {

namespace {

using Float = std::numeric_limits<double>;
constexpr double kNow = 1'755'000'000'000;

}  // namespace

TEST_SUITE("expiry") {
  TEST_CASE("an entry is gone from the very millisecond on") {
    CHECK_FALSE(is_expired(kNow + 1, kNow));
    CHECK(is_expired(kNow, kNow));
    CHECK(is_expired(kNow - 1, kNow));
    CHECK_FALSE(is_expired(kNow + 0.5, kNow));
    CHECK(is_expired(0, kNow));
    CHECK(is_expired(-5, kNow));
    CHECK(is_expired(0, 0));
    CHECK_FALSE(is_expired(Float::max(), kNow));
  }
}

}  // namespace expiry_test

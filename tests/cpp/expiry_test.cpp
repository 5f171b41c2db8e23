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

  TEST_CASE("timers fire at whole seconds, and no further ahead than Convex schedules") {
    CHECK(*timer_of(kNow + 1, kNow) == kNow + 1000);
    CHECK(*timer_of(5000, 0) == 5000);
    CHECK(*timer_of(5000.5, 0) == 6000);
    constexpr double kFiveYears = 5.0 * 365 * 24 * 60 * 60 * 1000;
    CHECK(*timer_of(kFiveYears, 0) == kFiveYears);
    for (const double far : {kFiveYears + 1, 1e16, Float::max()}) {
      CAPTURE(far);
      const auto time = timer_of(far, 0);
      REQUIRE(!time);
      CHECK(time.error().code == ErrorCode::kInvalidExpiry);
    }
  }
}

}  // namespace expiry_test

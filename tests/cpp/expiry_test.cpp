#include "convex_kv/rules/expiry.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace convex_kv;

namespace expiry_test {

namespace {

using Float = std::numeric_limits<double>;
constexpr double kNow = 1'755'000'000'000;
constexpr double kNever = Float::infinity();
constexpr double kBad[] = {Float::quiet_NaN(), -Float::infinity()};

std::optional<double> expiry(std::optional<double> ttl, std::optional<double> expires_at) {
  const auto resolved = resolve_expiry(kNow, ttl, expires_at);
  REQUIRE(resolved.ok());
  return *resolved;
}

std::string message_of(std::optional<double> ttl, std::optional<double> expires_at) {
  const auto resolved = resolve_expiry(kNow, ttl, expires_at);
  REQUIRE_FALSE(resolved.ok());
  CHECK(resolved.error().code == ErrorCode::kInvalidExpiry);
  return resolved.error().message;
}

}  // namespace

TEST_SUITE("expiry") {
  TEST_CASE("neither ttl nor expires_at: never") {
    CHECK_FALSE(expiry(std::nullopt, std::nullopt).has_value());
  }

  TEST_CASE("infinity: never, and a ttl of infinity wins too") {
    CHECK_FALSE(expiry(kNever, std::nullopt).has_value());
    CHECK_FALSE(expiry(std::nullopt, kNever).has_value());
    CHECK_FALSE(expiry(kNever, kNow + 5).has_value());
    CHECK(expiry(5, kNever) == kNow + 5);
    CHECK(message_of(kNever, Float::quiet_NaN()).find("expiresAt") == 0);
    CHECK(message_of(Float::quiet_NaN(), kNever).find("ttl") == 0);
  }

  TEST_CASE("ttl counts from now") {
    CHECK(expiry(1000, std::nullopt) == kNow + 1000);
    CHECK(expiry(0, std::nullopt) == kNow);
    CHECK(expiry(-0.0, std::nullopt) == kNow);
    CHECK(expiry(0.5, std::nullopt) == kNow + 0.5);
    CHECK(expiry(Float::max(), std::nullopt) == Float::max());
  }

  TEST_CASE("expires_at stands as it is, in the past too") {
    CHECK(expiry(std::nullopt, kNow + 5) == kNow + 5);
    CHECK(expiry(std::nullopt, kNow) == kNow);
    CHECK(expiry(std::nullopt, 0) == 0);
    CHECK(expiry(std::nullopt, -5) == -5);
    CHECK(expiry(std::nullopt, Float::lowest()) == Float::lowest());
  }

  TEST_CASE("ttl wins over expires_at") {
    CHECK(expiry(10, kNow + 99999) == kNow + 10);
    CHECK(expiry(0, 0) == kNow);
  }

  TEST_CASE("what is no duration") {
    for (const double ttl : kBad) {
      CAPTURE(ttl);
      CHECK(message_of(ttl, std::nullopt).find("ttl") == 0);
      CHECK(message_of(ttl, kNow).find("ttl") == 0);
    }
    CHECK(message_of(-1, std::nullopt).find("ttl") == 0);
    CHECK(message_of(-Float::denorm_min(), std::nullopt).find("ttl") == 0);
  }

  TEST_CASE("what is no time, even where ttl would win") {
    for (const double expires_at : kBad) {
      CAPTURE(expires_at);
      CHECK(message_of(std::nullopt, expires_at).find("expiresAt") == 0);
      CHECK(message_of(1000, expires_at).find("expiresAt") == 0);
    }
  }

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

  TEST_CASE("timers ring at whole seconds, and no further ahead than Convex schedules") {
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

  TEST_CASE("on what condition an expiry is changed") {
    using enum ExpireWhen;
    struct Case {
      double current, next;
      bool if_unset, if_set, later, sooner;
    };
    const Case cases[] = {
        {kNever, kNow, true, false, false, true},
        {kNever, Float::max(), true, false, false, true},
        {kNever, -5, true, false, false, true},
        {kNow, kNow, false, true, false, false},
        {kNow, kNow + 0.5, false, true, true, false},
        {kNow, kNow - 0.5, false, true, false, true},
        {-5, kNow, false, true, true, false},
        {0.0, -0.0, false, true, false, false},
        {Float::max(), Float::lowest(), false, true, false, true},
        {kNow, kNever, false, true, true, false},
        {Float::max(), kNever, false, true, true, false},
    };
    for (const Case& c : cases) {
      CAPTURE(c.current);
      CAPTURE(c.next);
      CHECK(may_change_expiry(kAlways, c.current, c.next));
      CHECK(may_change_expiry(kIfUnset, c.current, c.next) == c.if_unset);
      CHECK(may_change_expiry(kIfSet, c.current, c.next) == c.if_set);
      CHECK(may_change_expiry(kLater, c.current, c.next) == c.later);
      CHECK(may_change_expiry(kSooner, c.current, c.next) == c.sooner);
    }
    for (const ExpireWhen when : {kAlways, kIfUnset, kIfSet, kLater, kSooner}) {
      CHECK_FALSE(may_change_expiry(when, kNever, kNever));
    }
  }
}

}  // namespace expiry_test

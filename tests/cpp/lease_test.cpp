#include "convex_kv/jobs/lease.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace convex_kv;

TEST_SUITE("lease") {
  TEST_CASE("a minute at first, then twice as long each time, an hour at most") {
    constexpr double kNow = 1'755'000'000'000;
    const double minutes[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    for (int failures = 0; failures < 9; ++failures) {
      CAPTURE(failures);
      CHECK(lease_until(kNow, failures) == kNow + minutes[failures] * 60'000);
    }
    CHECK(lease_until(kNow, 1'000'000) == kNow + 3'600'000);
    CHECK(lease_until(kNow, std::numeric_limits<int>::max()) == kNow + 3'600'000);
    CHECK(lease_until(kNow, -1) == kNow + 60'000);
  }
}

#include "convex_kv/jobs/lease.hpp"

#include <algorithm>

namespace convex_kv {

namespace {

constexpr double kMinute = 60'000;
constexpr double kLongest = 60 * kMinute;

}  // namespace

double lease_until(double now, std::int64_t failures) {
  const auto doublings = std::clamp<std::int64_t>(failures, 0, 6);
  return now + std::min(kMinute * static_cast<double>(1 << doublings), kLongest);
}

}  // namespace convex_kv

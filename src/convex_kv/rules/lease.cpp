#include "convex_kv/rules/lease.hpp"

#include <algorithm>

namespace convex_kv {

namespace {

constexpr double kMinute = 60'000;
constexpr double kLongest = 60 * kMinute;

}  // namespace

double lease_until(double now, int failures) {
  const int doublings = std::clamp(failures, 0, 6);
  return now + std::min(kMinute * (1 << doublings), kLongest);
}

}  // namespace convex_kv

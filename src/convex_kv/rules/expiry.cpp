#include "convex_kv/rules/expiry.hpp"

#include <cmath>

#include "convex_kv/base/limits.hpp"

namespace convex_kv {

Result<double> timer_of(double expires_at, double now) {
  const double time = std::ceil(expires_at / 1000) * 1000;
  if (time - now <= kMostDelay) return time;
  return KvError{
      ErrorCode::kInvalidExpiry,
      "An entry that is to expire exactly must expire within five years: its deletion is "
      "scheduled, and Convex schedules no further ahead."};
}

}  // namespace convex_kv

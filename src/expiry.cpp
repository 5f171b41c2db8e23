#include "expiry.hpp"

#include <cmath>

#include "limits.hpp"

namespace convex_kv {

Result<std::optional<double>> resolve_expiry(double now, std::optional<double> ttl,
                                             std::optional<double> expires_at) {
  if (ttl && (!std::isfinite(*ttl) || *ttl < 0)) {
    return KvError{ErrorCode::kInvalidExpiry,
                   "ttl must be a finite number of milliseconds, 0 or more."};
  }
  if (expires_at && !std::isfinite(*expires_at)) {
    return KvError{ErrorCode::kInvalidExpiry,
                   "expiresAt must be a finite number of milliseconds since the Unix epoch."};
  }
  if (ttl) return std::optional<double>(now + *ttl);
  return expires_at;
}

KvError no_new_expiry() {
  return {ErrorCode::kInvalidExpiry,
          "expire needs a ttl or an expiresAt. To take an expiry away, use persist."};
}

bool may_change_expiry(ExpireWhen when, double current, double next) {
  switch (when) {
    case ExpireWhen::kAlways:
      return true;
    case ExpireWhen::kIfUnset:
      return std::isinf(current);
    case ExpireWhen::kIfSet:
      return !std::isinf(current);
    case ExpireWhen::kLater:
      return next > current;
    case ExpireWhen::kSooner:
      return next < current;
  }
  return false;
}

Result<double> timer_of(double expires_at, double now) {
  const double time = std::ceil(expires_at / 1000) * 1000;
  if (time - now <= kMostDelay) return time;
  return KvError{
      ErrorCode::kInvalidExpiry,
      "An entry that is to expire exactly must expire within five years: its deletion is "
      "scheduled, and Convex schedules no further ahead."};
}

}  // namespace convex_kv

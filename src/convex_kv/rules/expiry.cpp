#include "convex_kv/rules/expiry.hpp"

#include <cmath>
#include <limits>

#include "convex_kv/base/limits.hpp"

namespace convex_kv {

namespace {

bool is_never(double expires_at) { return expires_at == std::numeric_limits<double>::infinity(); }

}  // namespace

Result<std::optional<double>> resolve_expiry(double now, std::optional<double> ttl,
                                             std::optional<double> expires_at) {
  if (ttl && !(*ttl >= 0)) {
    return KvError{ErrorCode::kInvalidExpiry,
                   "ttl must be a number of milliseconds, 0 or more, or Infinity for never."};
  }
  if (expires_at && !std::isfinite(*expires_at) && !is_never(*expires_at)) {
    return KvError{ErrorCode::kInvalidExpiry,
                   "expiresAt must be a number of milliseconds since the Unix epoch, or Infinity "
                   "for never."};
  }
  const std::optional<double> expiry = ttl ? now + *ttl : expires_at;
  if (expiry && is_never(*expiry)) return std::optional<double>();
  return expiry;
}

KvError no_new_expiry() {
  return {ErrorCode::kInvalidExpiry,
          "expire needs a ttl or an expiresAt. To take an expiry away, use persist."};
}

bool may_change_expiry(ExpireWhen when, double current, double next) {
  if (is_never(current) && is_never(next)) return false;
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

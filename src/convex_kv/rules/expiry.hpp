// When an entry ends. All times are milliseconds since the Unix epoch; durations are milliseconds.
#pragma once

#include <optional>

#include "convex_kv/base/error.hpp"

namespace convex_kv {

// When an entry written at `now` expires: now + ttl if there is a ttl, else expires_at. nullopt if
// it never expires: if there is neither, or if the one that counts is +infinity. A time in the past
// is fine. invalid_expiry if either is NaN or -infinity, or ttl is negative.
Result<std::optional<double>> resolve_expiry(double now, std::optional<double> ttl,
                                             std::optional<double> expires_at);

// Why an expiry cannot be changed if neither ttl nor expires_at is given: invalid_expiry.
KvError no_new_expiry();

// On what condition the expiry of an entry that exists is changed. An entry without one counts as
// expiring at infinity. In the order of js/core/expiryChange.ts.
enum class ExpireWhen { kAlways, kIfUnset, kIfSet, kLater, kSooner };

// Whether an entry that expires at `current` is to expire at `next` instead; +infinity: never,
// both. Not if it never expires now and never would. kLater and kSooner: not if they are the same.
bool may_change_expiry(ExpireWhen when, double current, double next);

// Whether an entry that expires at `expires_at` is gone at `now`: from that millisecond on.
inline bool is_expired(double expires_at, double now) { return now >= expires_at; }

// Whether an entry is there at `now`; nullopt: it never expires.
inline bool is_live(std::optional<double> expires_at, double now) {
  return !expires_at || !is_expired(*expires_at, now);
}

// When the timer rings for an entry that expires exactly: at the first whole second that is not
// before its expiry, so that all that expire within the same second share one. In ms since the Unix
// epoch. An error if that is further from `now` than Convex schedules ahead.
Result<double> timer_of(double expires_at, double now);

}  // namespace convex_kv

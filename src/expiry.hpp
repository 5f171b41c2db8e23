// When an entry ends. All times are milliseconds since the Unix epoch; durations are milliseconds.
#pragma once

#include <optional>

#include "error.hpp"

namespace convex_kv {

// When an entry written at `now` expires: now + ttl where there is a ttl, else expires_at; nothing
// where there is neither: it never does. A time in the past is fine. invalid_expiry where either is
// not finite or ttl is negative.
Result<std::optional<double>> resolve_expiry(double now, std::optional<double> ttl,
                                             std::optional<double> expires_at);

// Whether an entry that expires at `expires_at` is gone at `now`: from the very millisecond on.
inline bool is_expired(double expires_at, double now) { return now >= expires_at; }

// When the timer rings for an entry that expires exactly: at the first whole second that is not
// before its expiry, so that all that expire within the same second share one. In ms since the Unix
// epoch.
double timer_of(double expires_at);

}  // namespace convex_kv

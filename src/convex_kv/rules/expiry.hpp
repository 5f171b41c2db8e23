// When an entry ends. All times are milliseconds since the Unix epoch; durations are milliseconds.
#pragma once

#include <optional>

#include "convex_kv/base/error.hpp"

namespace convex_kv {

// Whether an entry that expires at `expires_at` is gone at `now`: from that millisecond on.
inline bool is_expired(double expires_at, double now) { return now >= expires_at; }

// Whether an entry is there at `now`; nullopt: it never expires.
inline bool is_live(std::optional<double> expires_at, double now) {
  return !expires_at || !is_expired(*expires_at, now);
}

// When the timer fires for an entry that expires exactly: at the first whole second that is not
// before its expiry, so that all that expire within the same second share one. In ms since the Unix
// epoch. An error if that is further from `now` than Convex schedules ahead. The
// simulation goes by this; what ships has it in js/component/background/exactExpiry.ts.
Result<double> timer_of(double expires_at, double now);

}  // namespace convex_kv

// When an entry ends. All times are milliseconds since the Unix epoch; durations are milliseconds.
#pragma once

#include <optional>

namespace convex_kv {

// Whether an entry that expires at `expires_at` is gone at `now`: from that millisecond on.
inline bool is_expired(double expires_at, double now) { return now >= expires_at; }

// Whether an entry is there at `now`; nullopt: it never expires.
inline bool is_live(std::optional<double> expires_at, double now) {
  return !expires_at || !is_expired(*expires_at, now);
}

}  // namespace convex_kv

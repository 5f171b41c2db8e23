#include "convex_kv/plans/progress.hpp"

#include <cmath>

namespace convex_kv {

bool is_consistent(const DeleteProgress& progress) {
  const auto& [range, after, order] = progress;
  if (range.upper < range.lower) return false;
  return !after || range.contains(*after);
}

bool is_consistent(const SweepProgress& progress) {
  const auto& [until, after, since] = progress;
  if (!std::isfinite(until) || std::isnan(since)) return false;
  if (!after) return true;
  return std::isfinite(after->creation_time) && after->expires_at >= since &&
         after->expires_at <= until;
}

}  // namespace convex_kv

#include "convex_kv/plans/sweep_progress.hpp"

#include <cmath>

namespace convex_kv {

bool is_consistent(const SweepProgress& progress) {
  const auto& [until, after, since] = progress;
  if (!std::isfinite(until) || std::isnan(since)) return false;
  if (!after) return true;
  return std::isfinite(after->creation_time) && after->expires_at >= since &&
         after->expires_at <= until;
}

std::string rest_of(const SweepProgress& progress) {
  Json json;
  put_text(json, "plan", "sweep");
  put_number(json, "until", progress.until);
  put_number(json, "since", progress.since);
  if (progress.after) {
    put_number(json, "expiresAt", progress.after->expires_at);
    put_number(json, "creationTime", progress.after->creation_time);
  }
  return dump_json(json);
}

std::optional<SweepProgress> sweep_progress_from(const Json& rest) {
  const auto until = number_member(rest, "until");
  const auto expires_at = number_member(rest, "expiresAt");
  const auto creation_time = number_member(rest, "creationTime");
  if (!until) return std::nullopt;
  SweepProgress progress{*until, std::nullopt};
  progress.since = number_member(rest, "since").value_or(progress.since);
  if (expires_at && creation_time) progress.after = {*expires_at, *creation_time};
  if (!is_consistent(progress)) return std::nullopt;
  return progress;
}

}  // namespace convex_kv

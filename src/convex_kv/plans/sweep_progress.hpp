// Where a sweep stands between two of its batches.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "convex_kv/json/convex_json.hpp"

namespace convex_kv {

// A sweep of entries that expired from `since` to `until`, both inclusive, in the order (expiresAt,
// _creationTime). All before `after` are done; some of the very same two numbers may be left.
struct SweepProgress {
  struct Position {
    double expires_at;
    double creation_time;
  };

  double until;
  std::optional<Position> after;
  double since = -std::numeric_limits<double>::infinity();
};

// Whether a sweep can continue from there: the times are numbers, and the position is between them.
bool is_consistent(const SweepProgress& progress);

// As the text that a job keeps, and back from its JSON: nullopt if that was not made by the first,
// or is not consistent.
std::string rest_of(const SweepProgress& progress);
std::optional<SweepProgress> sweep_progress_from(const Json& rest);

}  // namespace convex_kv

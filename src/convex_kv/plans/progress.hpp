// Where background work stands between two of its batches.
#pragma once

#include <limits>
#include <optional>
#include <variant>

#include "convex_kv/base/bytes.hpp"
#include "convex_kv/keys/key_range.hpp"

namespace convex_kv {

// A recursive deletion: `range` is processed in this order, up to and including the sort key
// `after`.
struct DeleteProgress {
  KeyRange range;
  std::optional<Bytes> after;
  Order order = Order::kAscending;
};

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

// Whether a plan can continue from there: nothing outside the range, or after its end, is
// processed.
bool is_consistent(const DeleteProgress& progress);
bool is_consistent(const SweepProgress& progress);

using Progress = std::variant<DeleteProgress, SweepProgress>;

}  // namespace convex_kv

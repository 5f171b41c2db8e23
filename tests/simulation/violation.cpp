#include "violation.hpp"

namespace convex_kv::simulation {

const char* invariant_name(Invariant invariant) {
  switch (invariant) {
    case Invariant::kReads:
      return "reads";
    case Invariant::kExpired:
      return "expired";
    case Invariant::kRange:
      return "range";
    case Invariant::kOnce:
      return "once";
    case Invariant::kCursor:
      return "cursor";
    case Invariant::kShort:
      return "short";
    case Invariant::kLimits:
      return "limits";
    case Invariant::kProtocol:
      return "protocol";
    case Invariant::kLater:
      return "later";
    case Invariant::kLeft:
      return "left";
    case Invariant::kSwept:
      return "swept";
    case Invariant::kFront:
      return "front";
    case Invariant::kCount:
      return "count";
    case Invariant::kEnds:
      return "ends";
    case Invariant::kScheduled:
      return "scheduled";
    case Invariant::kWatched:
      return "watched";
    case Invariant::kStale:
      return "stale";
    case Invariant::kLease:
      return "lease";
    case Invariant::kVacuumed:
      return "vacuumed";
    case Invariant::kLost:
      return "lost";
    case Invariant::kExact:
      return "exact";
    case Invariant::kNodes:
      return "nodes";
    case Invariant::kCounted:
      return "counted";
    case Invariant::kTallied:
      return "tallied";
  }
  return "";
}

}  // namespace convex_kv::simulation

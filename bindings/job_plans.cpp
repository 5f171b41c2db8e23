// The plans of moves.ts and jobs.ts: what moves and copies, and what goes on in the background.

#include "plan_kinds.hpp"

namespace convex_kv::bindings {

const PlanKinds& plan_kinds = kJobPlans;

}  // namespace convex_kv::bindings

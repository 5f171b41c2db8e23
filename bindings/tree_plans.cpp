// The plans of tree.ts.

#include "plan_kinds.hpp"

namespace convex_kv::bindings {

const PlanKinds& plan_kinds = kTreePlans;

}  // namespace convex_kv::bindings

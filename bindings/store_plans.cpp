// The plans of kv.ts.

#include "plan_kinds.hpp"

namespace convex_kv::bindings {

const PlanKinds& plan_kinds = kStorePlans;

}  // namespace convex_kv::bindings

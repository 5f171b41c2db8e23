#include "plan_kinds.hpp"

namespace convex_kv::bindings {

const PlanKinds& plan_kinds = kBasicPlans;

}  // namespace convex_kv::bindings

// Which plans a wasm module has: each links one of store_plans.cpp, tree_plans.cpp and
// job_plans.cpp.
#pragma once

#include "convex_kv/messages/plan_request.hpp"

namespace convex_kv::bindings {

extern const PlanKinds& plan_kinds;

}  // namespace convex_kv::bindings

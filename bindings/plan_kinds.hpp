// Which plans a wasm module has: each links one of basic_plans.cpp and all_plans.cpp.
#pragma once

#include "plan_request.hpp"

namespace convex_kv::bindings {

extern const PlanKinds& plan_kinds;

}  // namespace convex_kv::bindings

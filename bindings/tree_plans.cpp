// The plans of tree.ts, and sort keys read back.

#include "convex_kv/core.hpp"
#include "function.hpp"
#include "plan_kinds.hpp"

namespace convex_kv::bindings {

const PlanKinds& plan_kinds = kTreePlans;

}  // namespace convex_kv::bindings

EMSCRIPTEN_BINDINGS(convex_kv_tree) {
  convex_kv::bindings::function("decodeKey", &convex_kv::core::decode_key);
}

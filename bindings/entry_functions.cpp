// The functions for calls that write several entries, or that write an entry by what it holds.
// Nothing is decided here.

#include "convex_kv/core.hpp"
#include "function.hpp"

namespace core = convex_kv::core;

EMSCRIPTEN_BINDINGS(convex_kv_entries) {
  using convex_kv::bindings::function;
  function("firstOfEach", &core::first_of_each);
  function("applyOperation", &core::apply_operation);
  function("newExpiryOf", &core::new_expiry_of);
  function("mayChangeExpiry", &core::may_change_expiry);
  function("refuseValues", &core::refuse_values);
}

// Keys. Both wasm modules have these functions. The smaller has nothing else, and is all that most
// calls start: every call pays for whatever is added here. Nothing is decided here.

#include "convex_kv/core.hpp"
#include "function.hpp"

namespace {

namespace core = convex_kv::core;

std::uintptr_t last_error() { return core::put_output(core::last_error()); }

}  // namespace

EMSCRIPTEN_BINDINGS(convex_kv_keys) {
  using convex_kv::bindings::function;
  function("reserveInput", &core::reserve_input);
  function("lastError", &last_error);
  function("encodeKey", &core::encode_key);
}

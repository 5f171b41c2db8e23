// The functions for one entry: its key, its expiry, where its value is stored. All wasm modules
// have these, and the smallest, which is all that most calls start, has nothing else: every call
// pays for whatever is added here. Nothing is decided here.

#include "convex_kv/core.hpp"
#include "function.hpp"

namespace {

namespace core = convex_kv::core;

int last_error() { return core::put_output(core::last_error()); }

}  // namespace

EMSCRIPTEN_BINDINGS(convex_kv_keys) {
  using convex_kv::bindings::function;
  function("reserveInput", &core::reserve_input);
  function("outputAddress", &core::output_address);
  function("lastError", &last_error);
  function("encodeKey", &core::encode_key);
  function("refuseAmount", &core::refuse_amount);
  function("refuseEntryBytes", &core::refuse_entry_bytes);
  function("expiryOf", &core::expiry_of);
  function("isExpired", &core::is_expired);
  function("timerOf", &core::timer_of);
  function("placeOfValue", &core::place_of_value);
  function("partsOfValue", &core::parts_of_value);
}

// The core's functions under the names that js/core/loadCore.ts calls. Nothing is decided here.

#include <emscripten/bind.h>

#include "core.hpp"

EMSCRIPTEN_BINDINGS(convex_kv) {
  using namespace convex_kv;
  emscripten::function("reserveInput", &core::reserve_input);
  emscripten::function("outputAddress", &core::output_address);
  emscripten::function("encodeKey", &core::encode_key);
  emscripten::function("decodeKey", &core::decode_key);
  emscripten::function("expiryOf", &core::expiry_of);
  emscripten::function("isExpired", &core::is_expired);
  emscripten::function("leaseUntil", &core::lease_until);
  emscripten::function("lastError", &core::last_error);
  emscripten::function("openPlan", &core::open_plan);
  emscripten::function("startPlan", &core::start_plan);
  emscripten::function("giveRows", &core::give_rows);
  emscripten::function("giveClock", &core::give_clock);
  emscripten::function("giveDeleted", &core::give_deleted);
  emscripten::function("closePlan", &core::close_plan);
}

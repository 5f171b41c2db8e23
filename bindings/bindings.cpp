// The core's functions under the names that js/core/loadCore.ts calls. Nothing is decided here.
//
// Only numbers cross through Embind. Text goes through the core's buffers, as bytes do: Embind's
// own strings need more JavaScript, and more time at the start, than all the rest.

#include <emscripten/bind.h>

#include <type_traits>

#include "core.hpp"

namespace {

namespace core = convex_kv::core;

template <typename Result, typename... Arguments>
void function(const char* name, Result (*body)(Arguments...)) {
  static_assert((std::is_arithmetic_v<Arguments> && ...),
                "js/core/instance.ts passes numbers only");
  static_assert(std::is_arithmetic_v<Result> || std::is_void_v<Result>, "and returns no others");
  emscripten::function(name, body);
}

int last_error() { return core::put_output(core::last_error()); }

int open_plan(std::size_t prefix_length, std::size_t request_length) {
  return core::open_plan(prefix_length, core::input_text(prefix_length, request_length));
}

int start_plan(int handle) { return core::put_output(core::start_plan(handle)); }

int give_rows(int handle, std::size_t input_length) {
  return core::put_output(core::give_rows(handle, input_length));
}

int give_clock(int handle, double now) { return core::put_output(core::give_clock(handle, now)); }

int give_deleted(int handle) { return core::put_output(core::give_deleted(handle)); }

}  // namespace

EMSCRIPTEN_BINDINGS(convex_kv) {
  function("reserveInput", &core::reserve_input);
  function("outputAddress", &core::output_address);
  function("encodeKey", &core::encode_key);
  function("decodeKey", &core::decode_key);
  function("covers", &core::covers);
  function("markLast", &core::mark_last);
  function("refuseAmount", &core::refuse_amount);
  function("refuseValues", &core::refuse_values);
  function("refuseEntryBytes", &core::refuse_entry_bytes);
  function("expiryOf", &core::expiry_of);
  function("isExpired", &core::is_expired);
  function("timerOf", &core::timer_of);
  function("placeOfValue", &core::place_of_value);
  function("partsOfValue", &core::parts_of_value);
  function("leaseUntil", &core::lease_until);
  function("lastError", &last_error);
  function("openPlan", &open_plan);
  function("startPlan", &start_plan);
  function("giveRows", &give_rows);
  function("giveClock", &give_clock);
  function("giveDeleted", &give_deleted);
  function("closePlan", &core::close_plan);
}

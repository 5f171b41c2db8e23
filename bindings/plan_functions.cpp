// What the large wasm module has beside the functions of one entry (key_functions.cpp): plans, and
// what no single entry needs. Nothing is decided here.

#include "core.hpp"
#include "function.hpp"

namespace {

namespace core = convex_kv::core;

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

EMSCRIPTEN_BINDINGS(convex_kv_plans) {
  using convex_kv::bindings::function;
  function("decodeKey", &core::decode_key);
  function("covers", &core::covers);
  function("markLast", &core::mark_last);
  function("refuseValues", &core::refuse_values);
  function("openPlan", &open_plan);
  function("startPlan", &start_plan);
  function("giveRows", &give_rows);
  function("giveClock", &give_clock);
  function("giveDeleted", &give_deleted);
  function("closePlan", &core::close_plan);
}

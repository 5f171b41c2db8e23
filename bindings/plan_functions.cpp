// Plans. Nothing is decided here.

#include <algorithm>

#include "convex_kv/core.hpp"
#include "function.hpp"

namespace {

namespace core = convex_kv::core;

// The request's text follows the keys in the input.
int open_plan(std::size_t prefix, int start, int after, int end, int starts_with, int to,
              std::size_t request_length) {
  std::size_t keys = prefix;
  for (const int length : {start, after, end, starts_with, to}) {
    keys += static_cast<std::size_t>(std::max(length, 0));
  }
  return core::open_plan({prefix, start, after, end, starts_with, to},
                         core::input_text(keys, request_length));
}

std::uintptr_t start_plan(int handle) { return core::put_output(core::start_plan(handle)); }

std::uintptr_t give_rows(int handle, std::size_t input_length) {
  return core::put_output(core::give_rows(handle, input_length));
}

std::uintptr_t give_clock(int handle, double now) {
  return core::put_output(core::give_clock(handle, now));
}

std::uintptr_t give_written(int handle) { return core::put_output(core::give_written(handle)); }

}  // namespace

EMSCRIPTEN_BINDINGS(convex_kv_plans) {
  using convex_kv::bindings::function;
  function("openPlan", &open_plan);
  function("giveDeletions", &core::give_deletions);
  function("startPlan", &start_plan);
  function("giveRows", &give_rows);
  function("giveClock", &give_clock);
  function("giveWritten", &give_written);
  function("closePlan", &core::close_plan);
}

// Counted prefixes. Nothing is decided here.

#include "convex_kv/core.hpp"
#include "function.hpp"

namespace {

namespace core = convex_kv::core;

std::uintptr_t key_range(std::size_t prefix, int start, int after, int end, int starts_with) {
  return core::key_range({prefix, start, after, end, starts_with});
}

std::uintptr_t cursor_behind(std::size_t prefix, int start, int after, int end, int starts_with,
                             std::size_t position_length, bool reverse) {
  return core::cursor_behind({prefix, start, after, end, starts_with}, position_length, reverse);
}

}  // namespace

EMSCRIPTEN_BINDINGS(convex_kv_counted) {
  using convex_kv::bindings::function;
  function("keyRange", &key_range);
  function("cursorBehind", &cursor_behind);
  function("askCounted", &core::ask_counted);
}

// How functions are exported: with Embind, under the names that js/core calls them by.
//
// Only numbers cross through Embind. Text goes through the core's buffers, as bytes do: Embind's
// own strings need more JavaScript, and more time at the start, than all the rest.
#pragma once

#include <emscripten/bind.h>

#include <type_traits>

namespace convex_kv::bindings {

template <typename Result, typename... Arguments>
void function(const char* name, Result (*body)(Arguments...)) {
  static_assert((std::is_arithmetic_v<Arguments> && ...),
                "js/core/instance.ts passes numbers only");
  static_assert(std::is_arithmetic_v<Result> || std::is_void_v<Result>, "and returns no others");
  emscripten::function(name, body);
}

}  // namespace convex_kv::bindings

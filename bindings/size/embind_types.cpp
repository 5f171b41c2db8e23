// When the wasm starts, Embind registers with JavaScript each type that it knows, about forty. Only
// numbers cross here (function.hpp), and those need no registration. These functions replace the
// imports and do nothing, so the linker drops the types' names too.
//
// Later versions of Emscripten declare some of them differently. There they stay imports, and
// js/core/instance.ts has functions that do nothing.

#include <emscripten/bind.h>

#if __EMSCRIPTEN_major__ == 3 && __EMSCRIPTEN_minor__ == 1 && __EMSCRIPTEN_tiny__ <= 6

namespace emscripten::internal {

extern "C" {

void _embind_register_void(TYPEID, const char*) {}
void _embind_register_bool(TYPEID, const char*, size_t, bool, bool) {}
void _embind_register_integer(TYPEID, const char*, size_t, long, unsigned long) {}
void _embind_register_bigint(TYPEID, const char*, size_t, long long, unsigned long long) {}
void _embind_register_float(TYPEID, const char*, size_t) {}
void _embind_register_std_string(TYPEID, const char*) {}
void _embind_register_std_wstring(TYPEID, size_t, const char*) {}
void _embind_register_emval(TYPEID, const char*) {}
void _embind_register_memory_view(TYPEID, unsigned, const char*) {}

}  // extern "C"

}  // namespace emscripten::internal

#endif

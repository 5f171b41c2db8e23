# The toolchain file of the Emscripten whose em-config is on PATH.
if(NOT CONVEX_KV_EMSCRIPTEN_ROOT)
  execute_process(COMMAND em-config EMSCRIPTEN_ROOT
    OUTPUT_VARIABLE CONVEX_KV_EMSCRIPTEN_ROOT
    OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE failure)
  if(NOT failure EQUAL 0)
    message(FATAL_ERROR "Emscripten is needed, and there is no em-config: ${failure}")
  endif()
  # CMake reads a toolchain file several times.
  set(CONVEX_KV_EMSCRIPTEN_ROOT "${CONVEX_KV_EMSCRIPTEN_ROOT}" CACHE PATH "Emscripten's folder")
endif()
include("${CONVEX_KV_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake")

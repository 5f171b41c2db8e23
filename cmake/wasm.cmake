# The core as WebAssembly, with Embind. What tools/build-wasm.mjs makes of it stands there.

# Debian's nlohmann_json is in /usr/include, which Emscripten rightly does not search: the C library
# there is the machine's own. A folder that holds a link to the one header folder is safe.
find_path(NLOHMANN_JSON_INCLUDE nlohmann/json.hpp PATHS /usr/include /usr/local/include
  NO_CMAKE_FIND_ROOT_PATH REQUIRED)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include)
file(CREATE_LINK ${NLOHMANN_JSON_INCLUDE}/nlohmann ${CMAKE_BINARY_DIR}/include/nlohmann SYMBOLIC)
target_include_directories(convex_kv_core SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/include)

add_executable(convex_kv bindings/bindings.cpp bindings/small_libc.cpp)
target_link_libraries(convex_kv PRIVATE convex_kv_core)

foreach(target convex_kv_core convex_kv)
  target_compile_options(${target} PRIVATE -Oz -flto -fno-exceptions -fno-rtti
    -DEMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)
endforeach()

target_link_options(convex_kv PRIVATE
  "SHELL:-Wl,--wrap=strtod -Wl,--wrap=snprintf"
  --bind -Oz -flto -fno-exceptions -fno-rtti --closure=0
  # The runtime forbids eval, import.meta and asynchronous compilation, and has no files.
  -sDYNAMIC_EXECUTION=0
  -sWASM_ASYNC_COMPILATION=0
  -sENVIRONMENT=web
  -sFILESYSTEM=0
  -sMODULARIZE=1
  -sEXPORT_NAME=createCore
  -sINVOKE_RUN=0
  --no-entry
  # 64 MiB is all that a function has: start small, grow when needed.
  -sALLOW_MEMORY_GROWTH=1
  -sINITIAL_MEMORY=196608
  -sTOTAL_STACK=65536
  -sMALLOC=emmalloc
  -sASSERTIONS=0
  -sSUPPORT_ERRNO=0
  -sINCOMING_MODULE_JS_API=instantiateWasm)

# The core as WebAssembly, with Embind. What tools/build-wasm.mjs makes of it stands there.

# Debian's nlohmann_json is in /usr/include, which Emscripten rightly does not search: the C library
# there is the machine's own. A folder that holds a link to the one header folder is safe.
find_path(NLOHMANN_JSON_INCLUDE nlohmann/json.hpp PATHS /usr/include /usr/local/include
  NO_CMAKE_FIND_ROOT_PATH REQUIRED)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include)
file(CREATE_LINK ${NLOHMANN_JSON_INCLUDE}/nlohmann ${CMAKE_BINARY_DIR}/include/nlohmann SYMBOLIC)
target_include_directories(convex_kv_core SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/include)

# A module for each use, so that none holds what it does not need. All have the functions of one
# entry, and the first has nothing else. What a module does not name of the core falls out.
set(plans bindings/plan_functions.cpp)
set(sources_keys)
set(sources_entries bindings/entry_functions.cpp)
set(sources_plans ${plans} bindings/store_plans.cpp)
set(sources_tree ${plans} bindings/tree_plans.cpp)
set(sources_jobs ${plans} bindings/job_plans.cpp)

# Emscripten adds -fno-inline-functions to -Oz. That makes the wasm an eighth larger and its keys four
# times as slow: a small function costs less than a call.
set(options -Oz -finline-functions -flto -fno-exceptions -fno-rtti
  -DEMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)
target_compile_options(convex_kv_core PRIVATE ${options})

foreach(module keys entries plans tree jobs)
  set(target convex_kv_${module})
  add_executable(${target} bindings/key_functions.cpp ${sources_${module}})
  target_sources(${target} PRIVATE
    bindings/embind_types.cpp
    bindings/no_type_info.cpp
    bindings/small_libc.cpp)
  target_link_libraries(${target} PRIVATE convex_kv_core)
  # Only the wasm: js/core/instance.ts does what little is needed of Emscripten's JavaScript.
  set_target_properties(${target} PROPERTIES SUFFIX .wasm)
  target_compile_options(${target} PRIVATE ${options})
  target_link_options(${target} PRIVATE
    "SHELL:-Wl,--wrap=strtod -Wl,--wrap=snprintf"
    --bind -Oz -flto -fno-exceptions -fno-rtti
    -sSTANDALONE_WASM=1
    --no-entry
    # 64 MiB is all that a function has: start small, grow when needed.
    -sALLOW_MEMORY_GROWTH=1
    -sINITIAL_MEMORY=196608
    -sMAXIMUM_MEMORY=67108864
    -sTOTAL_STACK=65536
    -sMALLOC=emmalloc)
endforeach()

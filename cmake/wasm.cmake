# The core as WebAssembly, with Embind: linked, started, optimised, and embedded in a JavaScript module.

# Debian's nlohmann_json is in /usr/include, which Emscripten rightly does not search: the C library
# there is the machine's own. A folder that holds a link to the one header folder is safe.
find_path(NLOHMANN_JSON_INCLUDE nlohmann/json.hpp PATHS /usr/include /usr/local/include
  NO_CMAKE_FIND_ROOT_PATH REQUIRED)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include)
file(CREATE_LINK ${NLOHMANN_JSON_INCLUDE}/nlohmann ${CMAKE_BINARY_DIR}/include/nlohmann SYMBOLIC)
target_include_directories(convex_kv_core SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/include)

# Emscripten adds -fno-inline-functions to -Oz. That makes the wasm an eighth larger and its keys four
# times as slow: a small function costs less than a call.
set(options -Oz -finline-functions -flto -fno-exceptions -fno-rtti
  -DEMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)
target_compile_options(convex_kv_core PRIVATE ${options})
# What most files spend most of the time on. convex_json.cpp replaces parts of it.
target_precompile_headers(convex_kv_core PRIVATE <nlohmann/json.hpp>)
set_source_files_properties(src/convex_kv/json/convex_json.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)

# What several modules have is compiled once.
foreach(part key plan job counted)
  add_library(convex_kv_${part}_functions OBJECT bindings/${part}_functions.cpp)
endforeach()
target_sources(convex_kv_key_functions PRIVATE
  bindings/size/embind_types.cpp
  bindings/size/no_type_info.cpp
  bindings/size/small_libc.cpp)
foreach(part key plan job counted)
  target_link_libraries(convex_kv_${part}_functions PUBLIC convex_kv::core PRIVATE convex_kv_warnings)
  target_compile_options(convex_kv_${part}_functions PRIVATE ${options})
endforeach()

execute_process(COMMAND em-config BINARYEN_ROOT
  OUTPUT_VARIABLE BINARYEN_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE)
find_program(NODE node REQUIRED)
find_program(WASM_OPT wasm-opt REQUIRED HINTS ${BINARYEN_ROOT}/bin)
set(tools ${PROJECT_SOURCE_DIR}/tools/wasm)
set(generated ${PROJECT_SOURCE_DIR}/js/core/generated)
file(MAKE_DIRECTORY ${generated})

# All modules have the functions of keys, and the first has nothing else: what a module does not name
# of the core falls out.
set(parts_keys key)
set(parts_plans key plan job)
set(parts_counted key counted)

foreach(module keys plans counted)
  set(target convex_kv_${module})
  add_executable(${target})
  target_link_libraries(${target} PRIVATE convex_kv_warnings)
  foreach(part ${parts_${module}})
    target_link_libraries(${target} PRIVATE convex_kv_${part}_functions)
  endforeach()
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

  # What ships is started already, without the code that only the start needs, and as base64, since
  # Convex bundles JavaScript alone.
  set(linked $<TARGET_FILE:${target}>)
  set(started ${CMAKE_CURRENT_BINARY_DIR}/${target}.started.wasm)
  set(functions ${CMAKE_CURRENT_BINARY_DIR}/${target}.functions.json)
  set(shipped ${CMAKE_CURRENT_BINARY_DIR}/${target}.shipped.wasm)
  set(embedded ${generated}/${module}.js ${generated}/${module}.d.ts)
  add_custom_command(OUTPUT ${started} ${functions}
    COMMAND ${NODE} ${tools}/start.mjs ${linked} ${started} ${functions}
    DEPENDS ${target} ${tools}/start.mjs ${tools}/snapshot.mjs
    VERBATIM)
  add_custom_command(OUTPUT ${shipped}
    COMMAND ${WASM_OPT} -Oz --converge --dae-optimizing --duplicate-function-elimination
      --reorder-functions --remove-unused-module-elements ${started} -o ${shipped}
    DEPENDS ${started}
    VERBATIM)
  add_custom_command(OUTPUT ${embedded}
    COMMAND ${NODE} ${tools}/embed.mjs ${module} ${shipped} ${functions} ${generated}
    DEPENDS ${shipped} ${functions} ${tools}/embed.mjs
    VERBATIM)
  list(APPEND all_embedded ${embedded})
endforeach()
# What an earlier version made, and this one does not, would be shipped too.
file(GLOB outdated ${generated}/*)
list(REMOVE_ITEM outdated ${all_embedded})
if(outdated)
  file(REMOVE ${outdated})
endif()
add_custom_target(convex_kv_embedded ALL DEPENDS ${all_embedded})

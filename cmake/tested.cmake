# The target `tested` runs a preset's tests, unless nothing that they depend on has changed since they
# passed: the programs, the files that they read, and how they are run. Their report is in ctest.xml.

include(ProcessorCount)
ProcessorCount(cores)
get_property(tested GLOBAL PROPERTY CONVEX_KV_TESTED)
set(report ${PROJECT_BINARY_DIR}/ctest.xml)
set(passed ${PROJECT_BINARY_DIR}/ctest.passed)
add_custom_command(OUTPUT ${passed} ${report}
  COMMAND ${CMAKE_COMMAND} -E rm -f ${passed} ${report}
  COMMAND ${CMAKE_CTEST_COMMAND} --preset ${CONVEX_KV_PRESET} --parallel ${cores}
    --output-junit ${report} --test-output-size-passed 1000000
  COMMAND ${CMAKE_COMMAND} -E touch ${passed}
  DEPENDS ${tested} ${PROJECT_SOURCE_DIR}/CMakePresets.json
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  USES_TERMINAL
  VERBATIM)
add_custom_target(tested DEPENDS ${passed})

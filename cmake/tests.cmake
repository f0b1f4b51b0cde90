# SPDX-License-Identifier: Apache-2.0
# The tests: one program per room from tests/unit/<room>, one per further kind, one per fuzz target.
# Each program is one entry of ctest, because asking every program for its list of cases is slow
# under qemu.
enable_testing()

# What nearly every source of a test includes, read once where all is built. Tests are not compiled
# as one source: each file of them has short names of its own.
if(PRIMOCANE_UNITY)
  file(WRITE "${CMAKE_BINARY_DIR}/test_headers.cpp" "")
  add_library(test_headers OBJECT EXCLUDE_FROM_ALL "${CMAKE_BINARY_DIR}/test_headers.cpp")
  target_link_libraries(test_headers PRIVATE primocane_flags third_party::catch2)
  target_precompile_headers(test_headers PRIVATE
    <catch2/catch_test_macros.hpp> <catch2/matchers/catch_matchers_string.hpp>
    <algorithm> <chrono> <expected> <filesystem> <fstream> <functional> <map> <memory> <optional>
    <set> <span> <string> <string_view> <utility> <variant> <vector>)
endif()

# as_test_source(TARGET): how sources of tests and their fakes are compiled.
function(as_test_source target)
  # A test looks at what must be there: a null pointer is a crash, and so a failure.
  set_target_properties(${target} PROPERTIES MAY_SEEM_NULL ON)
  # What is tested is compiled as it ships; the tests themselves need no optimisation.
  target_compile_options(${target} PRIVATE "$<$<CONFIG:MinSizeRel>:-O0;-U_FORTIFY_SOURCE>")
  # For tests that read tables and folders of the source tree.
  target_compile_definitions(${target} PRIVATE PRIMOCANE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(PRIMOCANE_UNITY AND NOT target STREQUAL "test_headers")
    target_precompile_headers(${target} REUSE_FROM test_headers)
  endif()
endfunction()
if(PRIMOCANE_UNITY)
  as_test_source(test_headers)
endif()

# Fakes, given to the tests of every room. It links no room, so that a test builds only its own.
file(GLOB support_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/support/*.cpp")
if(support_sources)
  add_library(test_support STATIC ${support_sources})
  target_link_libraries(test_support PRIVATE primocane_flags PUBLIC third_party::fmt)
  target_include_directories(test_support PUBLIC
    "${CMAKE_SOURCE_DIR}/agent" "${CMAKE_SOURCE_DIR}/tests")
  target_link_libraries(test_support PUBLIC third_party::catch2)
  as_test_source(test_support)
else()
  add_library(test_support INTERFACE)
  target_include_directories(test_support INTERFACE "${CMAKE_SOURCE_DIR}/tests")
endif()

# What runs under qemu: the other kinds need what only a native process has.
add_custom_target(unit_tests)

# primocane_test(NAME FOLDER room...): a program from all sources in the folder; nothing without any.
function(primocane_test name folder)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/${folder}/*.cpp")
  if(NOT sources)
    return()
  endif()
  list(TRANSFORM ARGN PREPEND primocane_ OUTPUT_VARIABLE rooms)
  add_executable(${name} ${sources})
  as_test_source(${name})
  # The fakes come first: they may need the rooms, the rooms never need them.
  target_link_libraries(${name} PRIVATE primocane_flags test_support ${rooms} third_party::catch2)
  # qemu-user cannot run everything a kernel can: such cases are tagged [native].
  set(chosen "")
  if(CMAKE_CROSSCOMPILING)
    set(chosen "~[native]" --allow-running-no-tests)
  endif()
  add_test(NAME ${name} COMMAND ${name} ${chosen} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  string(REGEX REPLACE "/.*" "" label "${folder}")
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS ${label})
  if(label STREQUAL "unit")
    add_dependencies(unit_tests ${name})
  endif()
endfunction()

foreach(room IN LISTS PRIMOCANE_ROOMS)
  set(other_rooms "")
  if(room MATCHES "^(source|reconcile)$")
    set(other_rooms host)  # its tests run ssh and boxed children for real
  endif()
  primocane_test(test_${room} unit/${room} ${room} ${other_rooms})
endforeach()
primocane_test(test_support_fakes unit/support ${PRIMOCANE_ROOMS})
foreach(kind IN ITEMS contract scenarios)
  primocane_test(${kind} ${kind} ${PRIMOCANE_ROOMS})
endforeach()

# The process that the fault sweep cuts (tests/sweep/run). It is built as what ships is.
file(GLOB sweep_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/sweep/*.cpp")
list(TRANSFORM PRIMOCANE_ROOMS PREPEND primocane_ OUTPUT_VARIABLE all_rooms)
add_executable(sweep_life EXCLUDE_FROM_ALL ${sweep_sources})
target_link_libraries(sweep_life PRIVATE primocane_flags test_support ${all_rooms})

# Builds the trees of the differential test (tests/differential).
add_executable(build_trees EXCLUDE_FROM_ALL tests/differential/build_trees.cpp)
target_link_libraries(build_trees PRIVATE primocane_flags primocane_render primocane_source)

# Reaches registries and repositories of charts (tests/integration/oci_test.py).
add_executable(fetch_artifact EXCLUDE_FROM_ALL tests/registry/fetch_artifact.cpp)
target_link_libraries(fetch_artifact PRIVATE primocane_flags primocane_reconcile primocane_host)

# What bench/bench.py measures programs by.
add_executable(measure EXCLUDE_FROM_ALL bench/measure.cpp)
target_link_libraries(measure PRIVATE primocane_flags)

# What changes objects from outside, and the least that reverting can cost (bench/bench.py drift).
foreach(program IN ITEMS drift_trials drift_floor)
  add_executable(${program} EXCLUDE_FROM_ALL bench/${program}.cpp bench/watched_server.cpp)
  # As in tests: what a task must say is looked at without asking whether it is there.
  set_target_properties(${program} PROPERTIES MAY_SEEM_NULL ON)
  target_link_libraries(${program} PRIVATE primocane_flags primocane_host primocane_cluster)
endforeach()

# Fuzz targets: libFuzzer under the fuzz preset, elsewhere a program that replays the corpus.
file(GLOB fuzz_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/fuzz/*_fuzz.cpp")
foreach(source IN LISTS fuzz_sources)
  get_filename_component(name "${source}" NAME_WE)
  string(REGEX REPLACE "_fuzz$" "" corpus "${name}")
  add_executable(${name} "${source}")
  target_link_libraries(${name} PRIVATE primocane_flags test_support ${all_rooms})
  if(PRIMOCANE_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(replay -runs=0)
  else()
    target_sources(${name} PRIVATE tests/fuzz/replay.cpp)
    set(replay "")
  endif()
  add_test(NAME ${name} COMMAND ${name} ${replay} "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${corpus}")
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS corpus)
endforeach()

# SPDX-License-Identifier: Apache-2.0
# Target `headers`: every header of the agent and of the test support compiles alone, in a source
# that includes nothing else of the project. Built without optimisation or sanitizers, which add
# nothing here, and with the standard library's headers read once, which is most of the time.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS
     "${CMAKE_SOURCE_DIR}/agent/*.hpp" "${CMAKE_SOURCE_DIR}/tests/support/*.hpp")
set(header_sources "")
foreach(header IN LISTS headers)
  file(RELATIVE_PATH name "${CMAKE_SOURCE_DIR}" "${header}")
  set(source "${CMAKE_BINARY_DIR}/headers/${name}.cpp")
  # Twice, because a second inclusion must change nothing.
  file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
  list(APPEND header_sources "${source}")
endforeach()
if(header_sources)
  add_library(headers OBJECT EXCLUDE_FROM_ALL ${header_sources})
  target_compile_options(headers PRIVATE -O0 -g0)
  target_precompile_headers(headers PRIVATE
    <algorithm> <array> <chrono> <coroutine> <cstdint> <expected> <functional> <map> <memory>
    <optional> <set> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>)
  target_include_directories(headers PRIVATE "${CMAKE_SOURCE_DIR}/agent" "${CMAKE_SOURCE_DIR}/tests")
  target_link_libraries(headers PRIVATE third_party::fmt)
endif()

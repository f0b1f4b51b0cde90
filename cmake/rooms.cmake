# SPDX-License-Identifier: Apache-2.0
# One static library per room of agent/, linked only to what ARCHITECTURE.md's table allows it.
set(PRIMOCANE_ROOMS "")

# primocane_room(NAME MAY_INCLUDE room... [THIRD_PARTY library...] [PUBLIC_THIRD_PARTY library...])
# Third-party headers are seen by the room alone, unless its own headers show them.
function(primocane_room name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "MAY_INCLUDE;THIRD_PARTY;PUBLIC_THIRD_PARTY")
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/agent/${name}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/cli/main\\.cpp$")
  set(kind PUBLIC)
  if(sources)
    add_library(primocane_${name} STATIC ${sources})
    target_link_libraries(primocane_${name} PRIVATE primocane_flags)
    # We throw nothing, and catch where a library is called that does (CONTRIBUTING.md); without the
    # clean-up code for exceptions that never come the binary is a tenth smaller.
    target_compile_options(primocane_${name} PRIVATE -fno-exceptions)
    # What no exception passes needs no tables to unwind it: another tenth.
    target_compile_options(primocane_${name} PRIVATE
      "$<$<CONFIG:MinSizeRel>:-fno-unwind-tables;-fno-asynchronous-unwind-tables>")
    target_compile_options(primocane_${name} PRIVATE ${PRIMOCANE_OBJECT_OPTIONS})
    set_target_properties(primocane_${name} PROPERTIES
      UNITY_BUILD "${PRIMOCANE_UNITY}" UNITY_BUILD_BATCH_SIZE 0)
    foreach(library IN LISTS arg_THIRD_PARTY)
      target_link_libraries(primocane_${name} PRIVATE third_party::${library})
    endforeach()
  else()
    set(kind INTERFACE)
    add_library(primocane_${name} INTERFACE)
  endif()
  target_include_directories(primocane_${name} ${kind} "${CMAKE_SOURCE_DIR}/agent")
  foreach(library IN LISTS arg_PUBLIC_THIRD_PARTY)
    target_link_libraries(primocane_${name} ${kind} third_party::${library})
  endforeach()
  foreach(room IN LISTS arg_MAY_INCLUDE)
    target_link_libraries(primocane_${name} ${kind} primocane_${room})
  endforeach()
  set(PRIMOCANE_ROOMS ${PRIMOCANE_ROOMS} ${name} PARENT_SCOPE)
endfunction()

# Their libraries throw: yaml-cpp, CLI11, spdlog.
set_source_files_properties(
  agent/document/yaml_reader.cpp agent/cli/command_line.cpp agent/host/text_sink.cpp
  PROPERTIES COMPILE_OPTIONS "-fexceptions;-funwind-tables")

primocane_room(base PUBLIC_THIRD_PARTY fmt THIRD_PARTY mbedtls)
primocane_room(document MAY_INCLUDE base THIRD_PARTY yaml_cpp yyjson re2)
primocane_room(http MAY_INCLUDE base THIRD_PARTY curl nghttp2 zlib)
primocane_room(expression MAY_INCLUDE base document)
set_target_properties(primocane_expression PROPERTIES MAY_SEEM_NULL ON)
primocane_room(resource MAY_INCLUDE base document expression)
primocane_room(source MAY_INCLUDE base document http THIRD_PARTY libgit2)
primocane_room(secrets MAY_INCLUDE base document THIRD_PARTY mbedtls)
primocane_room(flux MAY_INCLUDE base document expression resource)
primocane_room(render MAY_INCLUDE base document resource source secrets flux)
primocane_room(plan MAY_INCLUDE base document resource)
primocane_room(cluster MAY_INCLUDE base document resource http)
primocane_room(report MAY_INCLUDE base document resource plan)
primocane_room(reconcile MAY_INCLUDE base document http resource source secrets flux render plan cluster
               report)
primocane_room(node MAY_INCLUDE base document report)
primocane_room(host MAY_INCLUDE base document report THIRD_PARTY systemd seccomp spdlog)
primocane_room(cli MAY_INCLUDE base document http resource source secrets flux render plan cluster report
               reconcile node host THIRD_PARTY cli11)

# What every scalar of a build goes through; all else is built for size.
foreach(hot document_builder plain_scalar utf8 value yaml_reader yaml_scalar_style yaml_source
            yaml_writer)
  set_property(SOURCE "${CMAKE_SOURCE_DIR}/agent/document/${hot}.cpp"
    APPEND PROPERTY COMPILE_OPTIONS "$<$<CONFIG:MinSizeRel>:-O2>")
endforeach()

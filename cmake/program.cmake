# SPDX-License-Identifier: Apache-2.0
# Target `agent`: everything that is shipped, and nothing of the tests.
add_custom_target(agent)
foreach(room IN LISTS PRIMOCANE_ROOMS)
  add_dependencies(agent primocane_${room})
endforeach()

# The program itself. agent/cli/main.cpp builds everything and passes it down.
if(EXISTS "${CMAKE_SOURCE_DIR}/agent/cli/main.cpp")
  add_executable(primocane agent/cli/main.cpp)
  add_dependencies(agent primocane)
  target_link_libraries(primocane PRIVATE primocane_cli primocane_flags third_party::cli11)
  target_compile_definitions(primocane PRIVATE PRIMOCANE_VERSION="${PROJECT_VERSION}"
    PRIMOCANE_RELEASED=${PRIMOCANE_RELEASED})
  target_compile_options(primocane PRIVATE ${PRIMOCANE_OBJECT_OPTIONS})
  target_link_options(primocane PRIVATE ${PRIMOCANE_PROGRAM_OPTIONS})
  if(PRIMOCANE_STATIC)
    target_link_options(primocane PRIVATE "${CMAKE_SOURCE_DIR}/cmake/absent_facets.ld")
    set_target_properties(primocane PROPERTIES
      LINK_DEPENDS "${CMAKE_SOURCE_DIR}/cmake/absent_facets.ld")
    # The C library's unwind tables, 102 kB, go as those of the other prebuilt libraries do, but at each
    # link: an upgraded libc.a may be older than the build.
    set(target "")
    if(CMAKE_CXX_COMPILER_TARGET)
      set(target "--target=${CMAKE_CXX_COMPILER_TARGET}")
    endif()
    execute_process(COMMAND "${CMAKE_CXX_COMPILER}" ${target} -print-file-name=libc.a
                    OUTPUT_VARIABLE libc OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    add_custom_command(TARGET primocane PRE_LINK
      COMMAND ${PRIMOCANE_DROP_UNWIND} "${libc}" "${no_unwind}/libc.a" VERBATIM)
    target_link_options(primocane PRIVATE "-L${no_unwind}")
    # What is shipped carries no symbols, nor the C library's warnings for linkers; the unstripped one
    # stays beside it for debuggers.
    set_target_properties(primocane PROPERTIES OUTPUT_NAME primocane.unstripped)
    add_custom_command(TARGET primocane POST_BUILD
      COMMAND "${CMAKE_STRIP}" --remove-section=.comment --remove-section=.gnu.warning.*
              -o primocane primocane.unstripped
      BYPRODUCTS primocane WORKING_DIRECTORY "${CMAKE_BINARY_DIR}" VERBATIM)
  endif()
endif()

# Makes the manual pages for packaging/build.
add_executable(man_pages EXCLUDE_FROM_ALL packaging/man_pages.cpp)
target_link_libraries(man_pages PRIVATE primocane_cli primocane_flags)
target_compile_definitions(man_pages PRIVATE PRIMOCANE_VERSION="${PROJECT_VERSION}")

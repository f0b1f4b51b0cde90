# SPDX-License-Identifier: Apache-2.0
# The libraries that cross/deps built, each as an imported target third_party::<name>.
if(NOT PRIMOCANE_DEPS)
  set(architecture host)
  if(CMAKE_CROSSCOMPILING)
    set(architecture arm64)
  endif()
  execute_process(COMMAND "${CMAKE_SOURCE_DIR}/cross/deps" prefix ${architecture}
                  OUTPUT_VARIABLE deps_prefix OUTPUT_STRIP_TRAILING_WHITESPACE
                  RESULT_VARIABLE deps_missing)
  if(deps_missing)
    message(FATAL_ERROR "the third-party libraries are missing; run 'make deps' first")
  endif()
else()
  set(deps_prefix "${PRIMOCANE_DEPS}")
endif()
# Assertions in the libraries' headers name the header: that must not say who built.
target_compile_options(primocane_flags INTERFACE "-ffile-prefix-map=${deps_prefix}/=/libraries/")
# A change of the recipe moves the libraries, so it configures anew.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  cross/sources.txt cross/recipes.sh cross/archive.py cross/mbedtls_user_config.h
  cross/toolchains/host.cmake cross/toolchains/arm64.cmake)

# third_party(NAME FILES lib... [NEEDS name...] [PREBUILT]): headers count as system headers, so that
# our warnings do not concern them. PREBUILT by the distribution, which means with unwind tables.
function(third_party name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PREBUILT" "" "FILES;NEEDS;DEFINES")
  add_library(third_party_${name} INTERFACE)
  add_library(third_party::${name} ALIAS third_party_${name})
  target_include_directories(third_party_${name} SYSTEM INTERFACE "${deps_prefix}/include")
  # Each file is a target that knows what it needs, so that CMake puts the needed ones behind it on
  # the linker's line; of bare paths it keeps any order.
  list(TRANSFORM arg_NEEDS PREPEND third_party_ OUTPUT_VARIABLE behind)
  list(REVERSE arg_FILES)
  foreach(file IN LISTS arg_FILES)
    set(location "${deps_prefix}/lib/${file}")
    if(arg_PREBUILT AND PRIMOCANE_STATIC)
      execute_process(COMMAND ${PRIMOCANE_DROP_UNWIND} "${location}" "${no_unwind}/new.a"
                      COMMAND_ERROR_IS_FATAL ANY)
      set(location "${no_unwind}/${file}")
      # To configure again is no reason to link again.
      file(COPY_FILE "${no_unwind}/new.a" "${location}" ONLY_IF_DIFFERENT)
    endif()
    add_library(third_party_file_${file} STATIC IMPORTED GLOBAL)
    set_target_properties(third_party_file_${file} PROPERTIES
      IMPORTED_LOCATION "${location}" INTERFACE_LINK_LIBRARIES "${behind}")
    list(PREPEND behind third_party_file_${file})
  endforeach()
  target_link_libraries(third_party_${name} INTERFACE ${behind})
  target_compile_definitions(third_party_${name} INTERFACE ${arg_DEFINES})
endfunction()

# No exception passes through C code, nor through re2 to somebody who would catch it (agent/document
# has no tables either): nobody reads these tables.
set(no_unwind "${CMAKE_BINARY_DIR}/no_unwind")
file(MAKE_DIRECTORY "${no_unwind}")
set(PRIMOCANE_DROP_UNWIND
  "${CMAKE_OBJCOPY}" --remove-section=.eh_frame --remove-section=.rela.eh_frame)

find_package(Threads REQUIRED)
third_party(zlib FILES libz.a)
third_party(nghttp2 FILES libnghttp2.a DEFINES NGHTTP2_STATICLIB)
# The define changes the layout of public structs, so whoever sees mbedTLS's headers needs it.
third_party(mbedtls FILES libmbedtls.a libmbedx509.a libmbedcrypto.a
            DEFINES "MBEDTLS_USER_CONFIG_FILE=<mbedtls_user_config.h>")
third_party(curl FILES libcurl.a NEEDS nghttp2 mbedtls zlib DEFINES CURL_STATICLIB)
third_party(http_parser FILES libhttp_parser.a)
third_party(libgit2 FILES libgit2.a NEEDS http_parser zlib)
third_party(fmt FILES libfmt.a)
third_party(spdlog FILES libspdlog.a NEEDS fmt DEFINES SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)
third_party(yaml_cpp FILES libyaml-cpp.a DEFINES YAML_CPP_STATIC_DEFINE)
third_party(yyjson FILES libyyjson.a)
third_party(cli11)
third_party(cap FILES libcap.a PREBUILT)
third_party(systemd FILES libsystemd.a NEEDS cap PREBUILT)
third_party(seccomp FILES libseccomp.a PREBUILT)
third_party(re2 FILES libre2.a PREBUILT)
third_party(catch2 FILES libCatch2Main.a libCatch2.a)
target_link_libraries(third_party_curl INTERFACE Threads::Threads)
target_link_libraries(third_party_re2 INTERFACE Threads::Threads)

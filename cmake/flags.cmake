# SPDX-License-Identifier: Apache-2.0
# The compiler and linker flags of our own code, as the interface library primocane_flags.
add_library(primocane_flags INTERFACE)

target_compile_options(primocane_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wcast-qual -Wunused -Wnull-dereference
  -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum -Wundef -Wextra-semi)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(primocane_flags INTERFACE
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast)
endif()
# Designated initialisers name what differs from the default and leave the rest out on purpose.
target_compile_options(primocane_flags INTERFACE -Wno-missing-field-initializers)
# For rooms that look into a variant where its kind has just been asked for, which GCC 12 does not
# follow when it inlines.
target_compile_options(primocane_flags INTERFACE
  "$<$<BOOL:$<TARGET_PROPERTY:MAY_SEEM_NULL>>:-Wno-null-dereference>")
if(PRIMOCANE_WERROR)
  target_compile_options(primocane_flags INTERFACE -Werror)
endif()

# arm64's plain char is unsigned: one choice for both, so that what is tested is what ships.
target_compile_options(primocane_flags INTERFACE -fsigned-char)
# Untrusted bytes are read everywhere: cheap checks stay on in what is shipped.
target_compile_options(primocane_flags INTERFACE -fstack-protector-strong)
target_compile_definitions(primocane_flags INTERFACE _GLIBCXX_ASSERTIONS)
# Paths of the machine that builds do not belong into the binary.
target_compile_options(primocane_flags INTERFACE "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

if(PRIMOCANE_SANITIZERS)
  set(sanitize "-fsanitize=${PRIMOCANE_SANITIZERS}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(primocane_flags INTERFACE ${sanitize})
  target_link_options(primocane_flags INTERFACE ${sanitize})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Both follow data through the code that the sanitizers insert and report what is not there; the
    # release build, which has no such code, keeps them.
    target_compile_options(primocane_flags INTERFACE -Wno-maybe-uninitialized -Wno-null-dereference)
  endif()
endif()
if(PRIMOCANE_FUZZ)
  target_compile_options(primocane_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(PRIMOCANE_UNITY)
  # What is at the top of one source is above all the next ones then.
  target_compile_options(primocane_flags INTERFACE -Wno-shadow)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # To GCC a type of an included source's unnamed namespace in a coroutine's frame is one of a header.
    target_compile_options(primocane_flags INTERFACE -Wno-subobject-linkage)
  endif()
endif()

if(PRIMOCANE_STATIC)
  target_compile_options(primocane_flags INTERFACE -ffunction-sections -fdata-sections -fPIE)
  target_compile_definitions(primocane_flags INTERFACE _FORTIFY_SOURCE=2)
  # What a failed assertion of libstdc++ prints names its function with all template arguments: a
  # twentieth of the binary. File, line, the function's bare name and the condition tell as much.
  target_compile_definitions(primocane_flags INTERFACE __PRETTY_FUNCTION__=__func__)
  # -static-pie alone: together with -static it links without a word and crashes at start. 64 KiB
  # alignment lets one binary run on kernels with 4, 16 and 64 KiB pages. lld rather than GNU ld,
  # because it folds functions of the same code into one and packs relocations: 8 % less. Nothing of
  # ours or of the libraries tells functions apart by their addresses.
  target_link_options(primocane_flags INTERFACE
    -fuse-ld=lld -B/usr/lib/llvm-19/bin -Wl,--icf=all -Wl,--pack-dyn-relocs=relr
    -static-pie -Wl,--gc-sections -Wl,-O2 -Wl,-z,relro,-z,now -Wl,-z,noexecstack
    -Wl,-z,max-page-size=65536 -Wl,--build-id=sha1)
endif()

# The program is optimised once more as a whole when it is linked. The tests link the same objects as
# they are: to do that for each of them would take a minute for each. Without debug information (the
# preset's -g0), because Clang has one kind of unwind tables for a whole program: beside a library
# that needs .eh_frame what would be in .debug_frame is loaded as well, 0.56 MB.
set(PRIMOCANE_OBJECT_OPTIONS "")
set(PRIMOCANE_PROGRAM_OPTIONS "")
if(PRIMOCANE_LTO)
  set(PRIMOCANE_OBJECT_OPTIONS -flto -ffat-lto-objects)
  set(PRIMOCANE_PROGRAM_OPTIONS -flto -Wl,--fat-lto-objects)
endif()

#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How each third-party library is built: the same steps for every architecture.
# Called by cross/deps as `recipes.sh LIBRARY` with, in the environment:
#   SRC        the unpacked source, or for a binary package its unpacked root
#   WORK       an empty folder to build in
#   PREFIX     where headers and libraries go
#   TOOLCHAIN  host or arm64: which of the toolchains builds
#   JOBS       how many compilers may run at once
set -euo pipefail

recipes=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
toolchain_file=$recipes/toolchains/$TOOLCHAIN.cmake
case $TOOLCHAIN in
  host) CC=gcc-12 AR=gcc-ar-12 small=-Os lto= ;;
  arm64)
    CC="clang-19 --target=aarch64-linux-gnu" AR=llvm-ar-19 small=-Oz
    # Each object holds both code and what the optimisation at link time reads: the program is linked
    # with it, the tests are not, because it would take a minute for each of them.
    lto="-flto -ffat-lto-objects"
    ;;
  *) exit 64 ;;
esac
# Small, checked at run time where that is cheap, and the same bytes wherever it is built.
optimise="$small -g0 -ffunction-sections -fdata-sections -fvisibility=hidden"
optimise+=" -fstack-protector-strong -D_FORTIFY_SOURCE=2"
optimise+=" -ffile-prefix-map=$SRC=/source -ffile-prefix-map=$WORK=/build"
# Libraries whose headers assert put the headers' names into those that include them.
optimise+=" -ffile-prefix-map=$PREFIX=/libraries"
# Unwind tables of C code cost 300 KB in the binary and no exception ever passes through a C frame.
cflags="$optimise $lto -fno-asynchronous-unwind-tables -fno-unwind-tables"
mbedtls_config="-DMBEDTLS_USER_CONFIG_FILE='<mbedtls_user_config.h>' -I$PREFIX/include"

# Configures, builds and installs the CMake project in SRC with the given extra options.
cmake_install() {
  cmake -S "$SRC" -B "$WORK" -G Ninja -Wno-dev \
    -DCMAKE_TOOLCHAIN_FILE="$toolchain_file" -DCMAKE_BUILD_TYPE=None -DBUILD_SHARED_LIBS=OFF \
    -DCMAKE_INSTALL_PREFIX="$PREFIX" -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_PREFIX_PATH="$PREFIX" \
    -DCMAKE_FIND_ROOT_PATH="$PREFIX" -DCMAKE_C_FLAGS="$cflags" -DCMAKE_CXX_FLAGS="$optimise $lto" "$@"
  cmake --build "$WORK" --target install -- -j "$JOBS"
}

# Compiles the named C files of SRC (without suffix) with the given flags into lib$1.a.
archive_c() {
  local name=$1 flags=$2
  shift 2
  local file objects=()
  for file in "$@"; do
    # shellcheck disable=SC2086  # the flags are a list
    $CC $cflags $flags -I"$SRC" -c "$SRC/$file.c" -o "$WORK/$file.o"
    objects+=("$WORK/$file.o")
  done
  rm -f "$PREFIX/lib/lib$name.a"
  $AR rcs "$PREFIX/lib/lib$name.a" "${objects[@]}"
}

# Takes headers and one static library of an unpacked development package.
take_prebuilt() {
  cp -r "$SRC/usr/include/." "$PREFIX/include/"
  find "$SRC/usr/lib" -name "$1" -exec cp {} "$PREFIX/lib/" \;
  test -f "$PREFIX/lib/$1"
}

mkdir -p "$PREFIX/lib" "$PREFIX/include"
case $1 in
  zlib)
    # The archive's tarball lacks what zlib's own CMakeLists.txt names.
    sources="adler32 crc32 deflate infback inffast inflate inftrees trees zutil compress uncompr"
    cp "$SRC/zconf.h.in" "$WORK/zconf.h"
    rm -f "$SRC/zconf.h"
    # shellcheck disable=SC2086  # the sources are a list
    archive_c z "-D_LARGEFILE64_SOURCE=1 -DHAVE_UNISTD_H -DHAVE_STDARG_H -I$WORK" $sources
    cp "$WORK/zconf.h" "$SRC/zlib.h" "$PREFIX/include/"
    ;;
  nghttp2)
    cmake_install -DENABLE_LIB_ONLY=ON -DENABLE_STATIC_LIB=ON -DBUILD_STATIC_LIBS=ON \
      -DBUILD_TESTING=OFF -DENABLE_DOC=OFF
    ;;
  mbedtls)
    cp "$recipes/mbedtls_user_config.h" "$PREFIX/include/"
    cmake_install -DCMAKE_C_FLAGS="$cflags $mbedtls_config" -DENABLE_PROGRAMS=OFF \
      -DENABLE_TESTING=OFF -DMBEDTLS_FATAL_WARNINGS=OFF -DGEN_FILES=OFF
    ;;
  curl)
    # HTTP and its proxies only; names are looked up by curl's own threads. What is disabled is
    # state between requests, file formats and authentication that the agent has no use for.
    cmake_install -DCMAKE_C_FLAGS="$cflags $mbedtls_config" \
      -DHTTP_ONLY=ON -DUSE_NGHTTP2=ON -DNGHTTP2_INCLUDE_DIR="$PREFIX/include" \
      -DNGHTTP2_LIBRARY="$PREFIX/lib/libnghttp2.a" \
      -DCURL_USE_OPENSSL=OFF -DCURL_USE_MBEDTLS=ON -DMBEDTLS_INCLUDE_DIR="$PREFIX/include" \
      -DMBEDTLS_LIBRARY="$PREFIX/lib/libmbedtls.a" -DMBEDX509_LIBRARY="$PREFIX/lib/libmbedx509.a" \
      -DMBEDCRYPTO_LIBRARY="$PREFIX/lib/libmbedcrypto.a" \
      -DCURL_ZLIB=ON -DZLIB_INCLUDE_DIR="$PREFIX/include" -DZLIB_LIBRARY="$PREFIX/lib/libz.a" \
      -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF \
      -DCURL_USE_LIBSSH2=OFF -DCURL_USE_PKGCONFIG=OFF \
      -DENABLE_ARES=OFF -DENABLE_THREADED_RESOLVER=ON \
      -DCURL_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt -DCURL_CA_PATH=none \
      -DCURL_DISABLE_COOKIES=ON -DCURL_DISABLE_HSTS=ON -DCURL_DISABLE_ALTSVC=ON \
      -DCURL_DISABLE_NETRC=ON -DCURL_DISABLE_DOH=ON -DCURL_DISABLE_WEBSOCKETS=ON \
      -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_KERBEROS_AUTH=ON -DCURL_DISABLE_NEGOTIATE_AUTH=ON \
      -DCURL_DISABLE_AWS=ON -DCURL_DISABLE_FORM_API=ON -DCURL_DISABLE_MIME=ON \
      -DCURL_DISABLE_LIBCURL_OPTION=ON \
      -DBUILD_CURL_EXE=OFF -DBUILD_STATIC_LIBS=ON -DBUILD_LIBCURL_DOCS=OFF \
      -DBUILD_MISC_DOCS=OFF -DENABLE_CURL_MANUAL=OFF -DBUILD_TESTING=OFF -DBUILD_EXAMPLES=OFF
    ;;
  http-parser)
    archive_c http_parser "" http_parser
    cp "$SRC/http_parser.h" "$PREFIX/include/"
    ;;
  libgit2)
    # No transports: the agent speaks Git's protocol itself.
    cmake_install -DUSE_HTTPS=OFF -DUSE_SSH=OFF -DUSE_HTTP_PARSER=http-parser \
      -DREGEX_BACKEND=regcomp -DUSE_BUNDLED_ZLIB=OFF -DUSE_NTLMCLIENT=OFF -DUSE_GSSAPI=OFF \
      -DUSE_SHA1=CollisionDetection -DUSE_SHA256=Builtin -DUSE_THREADS=ON \
      -DBUILD_TESTS=OFF -DBUILD_CLI=OFF -DBUILD_EXAMPLES=OFF
    ;;
  fmt)
    cmake_install -DFMT_TEST=OFF -DFMT_DOC=OFF
    ;;
  spdlog)
    cmake_install -DSPDLOG_FMT_EXTERNAL=ON -DSPDLOG_BUILD_EXAMPLE=OFF -DSPDLOG_BUILD_TESTS=OFF
    ;;
  yaml-cpp)
    # Most of the time of a build is the scanner's, so that is built for speed.
    hot="src/scanner.cpp src/scanscalar.cpp src/stream.cpp"
    echo "set_source_files_properties($hot PROPERTIES COMPILE_OPTIONS -O2)" >"$WORK/hot.cmake"
    if patch --dry-run --silent -d "$SRC" -p1 <"$recipes/yaml-cpp.patch"; then
      patch -d "$SRC" -p1 <"$recipes/yaml-cpp.patch"
    else
      echo "recipes.sh: yaml-cpp.patch does not fit this version; built without it, which is slower" >&2
    fi
    cmake_install -DCMAKE_PROJECT_INCLUDE="$WORK/hot.cmake" \
      -DYAML_CPP_BUILD_TESTS=OFF -DYAML_CPP_BUILD_TOOLS=OFF -DYAML_CPP_BUILD_CONTRIB=OFF
    ;;
  yyjson)
    cmake_install
    ;;
  cli11)
    cp -r "$SRC/include/CLI" "$PREFIX/include/"
    ;;
  catch2)
    # Only tests link it, and they are not optimised at link time.
    cmake_install -DCMAKE_CXX_FLAGS="$optimise" \
      -DCATCH_INSTALL_DOCS=OFF -DBUILD_TESTING=OFF -DCMAKE_UNITY_BUILD=ON
    ;;
  systemd) take_prebuilt libsystemd.a ;;
  cap) take_prebuilt libcap.a ;;
  seccomp) take_prebuilt libseccomp.a ;;
  re2) take_prebuilt libre2.a ;;
  *)
    echo "recipes.sh: no recipe for '$1'" >&2
    exit 64
    ;;
esac

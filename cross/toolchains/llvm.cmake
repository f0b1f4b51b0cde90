# SPDX-License-Identifier: Apache-2.0
# Clang 19 and its tools for what is shipped: what they make is smaller than GCC 12's. The C and C++
# libraries are GCC 12's, as everywhere.
set(CMAKE_C_COMPILER clang-19)
set(CMAKE_CXX_COMPILER clang++-19)
set(CMAKE_AR llvm-ar-19)
set(CMAKE_RANLIB llvm-ranlib-19)
set(CMAKE_EXE_LINKER_FLAGS_INIT -fuse-ld=lld)

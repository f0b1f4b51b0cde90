# SPDX-License-Identifier: Apache-2.0
# This machine's own GCC 12, the same release as the cross compiler.
set(CMAKE_C_COMPILER gcc-12)
set(CMAKE_CXX_COMPILER g++-12)
set(CMAKE_AR gcc-ar-12)
set(CMAKE_RANLIB gcc-ranlib-12)

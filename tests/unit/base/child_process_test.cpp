// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>

using namespace primocane;

namespace {

ErrorKind kind_of(const ChildExit& exit, std::string_view error_output) {
  return describe_box_end("the child", exit, error_output, "advice").kind;
}

}  // namespace

TEST_CASE("how a boxed child ends tells whether another one would end so, too") {
  CHECK(kind_of({.code = 0, .signal = SIGKILL}, "") == ErrorKind::unavailable);
  CHECK(kind_of({.code = 0, .signal = SIGKILL}, "killed after 120 s") == ErrorKind::invalid);
  CHECK(kind_of({.code = 0, .signal = SIGXCPU}, "") == ErrorKind::invalid);
  CHECK(kind_of({.code = 0, .signal = SIGSEGV}, "") == ErrorKind::invalid);
  CHECK(kind_of({.code = 1, .signal = 0}, "out of memory") == ErrorKind::invalid);
  CHECK(kind_of({.code = exit_box_memory, .signal = 0}, "") == ErrorKind::invalid);
  CHECK(kind_of({.code = exit_box_denied, .signal = 0}, "no box") == ErrorKind::denied);
}

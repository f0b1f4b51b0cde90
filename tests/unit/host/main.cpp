// SPDX-License-Identifier: Apache-2.0
// The tests of host/ start themselves as boxed children, as the agent does.
#include "host/boxed_main.hpp"
#include "host/signal_watch.hpp"
#include "unit/host/box_probes.hpp"

#include <catch2/catch_session.hpp>

#include <cstddef>
#include <span>

int main(int argc, char* argv[]) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (const auto code = primocane::run_if_boxed(arguments, primocane::run_box_probe)) return *code;
  primocane::ignore_broken_pipes();
  return Catch::Session().run(argc, argv);
}

// SPDX-License-Identifier: Apache-2.0
#include "host/boxed_main.hpp"

#include "host/box.hpp"
#include "host/box_arguments.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <new>
#include <string>
#include <unistd.h>

namespace primocane {

namespace {

// The limit is reached. There is nothing to give back and nobody to catch an exception: the end, as
// one that the parent knows how to tell.
[[noreturn]] void end_without_memory() { _exit(exit_box_memory); }

}  // namespace

std::optional<int> run_if_boxed(std::span<char* const> arguments, const RunBoxedWork& run_work) {
  if (!are_box_arguments(arguments)) return std::nullopt;
  const Result<BoxSetup> setup = read_box_arguments(arguments);
  if (!setup) {
    fmt::print(stderr, "{}\n", setup.error().message);
    return exit_box_denied;
  }
  const Result<BoxStrength> strength = enter_box(*setup);
  if (!strength) {
    fmt::print(stderr, "no box: {}\n", strength.error().message);
    return exit_box_denied;
  }
  std::set_new_handler(end_without_memory);
  if (setup->work == "render") return run_work(BoxedWork::render);
  if (setup->work == "index") return run_work(BoxedWork::index);
  if (setup->work == "unpack") return run_work(BoxedWork::unpack);
  fmt::print("{}", to_string(*strength));  // "probe": what can be had here
  return 0;
}

}  // namespace primocane

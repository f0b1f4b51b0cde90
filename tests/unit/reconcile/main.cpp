// SPDX-License-Identifier: Apache-2.0
// The tests of reconcile/ start themselves as the boxed children that read repositories, as the
// agent does.
#include "host/boxed_main.hpp"
#include "host/signal_watch.hpp"
#include "source/pack_index_work.hpp"

#include <catch2/catch_session.hpp>

#include <cstddef>
#include <cstdlib>
#include <span>

namespace {

int run_boxed_work(primocane::BoxedWork work) {
  if (work == primocane::BoxedWork::index) return primocane::run_pack_index_work();
  return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char* argv[]) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (const auto code = primocane::run_if_boxed(arguments, run_boxed_work)) return *code;
  primocane::ignore_broken_pipes();
  return Catch::Session().run(argc, argv);
}

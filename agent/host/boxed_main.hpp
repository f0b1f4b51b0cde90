// SPDX-License-Identifier: Apache-2.0
// What main does first: the same program is also the child in the box.
#pragma once

#include "base/child_process.hpp"

#include <functional>
#include <optional>
#include <span>

namespace primocane {

/// The work itself: reads standard input, writes standard output, returns an exit code.
using RunBoxedWork = std::function<int(BoxedWork)>;

/// Nothing unless `arguments` (with argv[0]) ask for a child in a box; else enters it, runs the
/// work and returns the exit code for main. Called before anything else is done, with one thread.
[[nodiscard]] std::optional<int> run_if_boxed(std::span<char* const> arguments,
                                              const RunBoxedWork& run_work);

}  // namespace primocane

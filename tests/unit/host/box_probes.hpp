// SPDX-License-Identifier: Apache-2.0
// What a child tries in its box: attempts to get out, and what must go on working.
#pragma once

#include "base/child_process.hpp"

namespace primocane {

/// Reads "NAME ARGUMENT" from standard input and tries it. Prints what came of it: the answer, or
/// the name of an errno. An exit code of 64 means that there is no such probe.
[[nodiscard]] int run_box_probe(BoxedWork work);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// A BoxSetup as the arguments of the child that is to lock itself.
#pragma once

#include "base/error.hpp"
#include "host/box.hpp"

#include <span>
#include <string>
#include <vector>

namespace primocane {

/// All arguments, from argv[0] on: "primocane --boxed render root=/...".
[[nodiscard]] std::vector<std::string> write_box_arguments(const BoxSetup& setup);

/// Whether `arguments` (with argv[0]) are meant for a child in a box.
[[nodiscard]] bool are_box_arguments(std::span<char* const> arguments);

/// What write_box_arguments() wrote; `invalid` for anything else.
[[nodiscard]] Result<BoxSetup> read_box_arguments(std::span<char* const> arguments);

}  // namespace primocane

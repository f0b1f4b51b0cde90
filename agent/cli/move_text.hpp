// SPDX-License-Identifier: Apache-2.0
// A MovePlan as people read it and as programs do.
#pragma once

#include "cli/answer.hpp"
#include "document/value.hpp"
#include "reconcile/flux_move.hpp"

#include <cstdint>
#include <string>

namespace primocane {

/// Whether the moves of a plan are to be made or were made.
enum class Made : std::uint8_t { not_yet, yes };

/// Keys in camelCase (docs/cli.md, "primocane adopt").
[[nodiscard]] Value write_moves(const MovePlan& plan);

/// A line per obstacle (!), note (=) and move (~), objects of a Kustomization together, and a line
/// that counts.
[[nodiscard]] std::string describe_moves(const MovePlan& plan, Made made);

/// `failed` with obstacles, else `changes` while there are moves to make, else `done`.
[[nodiscard]] ExitCode exit_code_of(const MovePlan& plan, Made made);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The work of the boxed child that renders: one request on standard input, objects on standard
// output.
#pragma once

namespace primocane {

/// Exit code of RenderOutput::resources when a path leads out of the tree.
inline constexpr int exit_leaves_tree = 4;

/// Reads a RenderRequest from standard input, renders, prints; returns the exit code (0 also when
/// the answer is an error of the input).
[[nodiscard]] int run_render_work();

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The work of the boxed child that indexes a fetched pack: bytes on standard input, a pack and its
// index in the folder that is its root, and one line of JSON as its answer.
#pragma once

namespace primocane {

/// Reads the request line and then the pack from standard input; returns the exit code.
[[nodiscard]] int run_pack_index_work();

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// What a fuzz target holds its subject to.
#pragma once

#include <cstdlib>

namespace primocane {

/// Ends the process as a finding of the fuzzer if `holds` is false.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace primocane

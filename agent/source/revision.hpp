// SPDX-License-Identifier: Apache-2.0
// Revision: one commit on one branch of one remote, and when it was made.
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <string>

namespace primocane {

struct Revision {
  std::string remote;  ///< URL without credentials
  std::string branch;  ///< "main"
  CommitId commit;
  WallTime committed_at{};

  bool operator==(const Revision&) const = default;
};

/// "main@sha1:<commit>", as Flux writes revisions.
[[nodiscard]] std::string to_string(const Revision& revision);

}  // namespace primocane

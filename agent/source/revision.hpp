// SPDX-License-Identifier: Apache-2.0
// Revision: one commit of one remote, the ref that led to it, and when it was made.
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <string>

namespace primocane {

struct Revision {
  std::string remote;  ///< URL without credentials
  std::string branch;  ///< "main"; of another ref what Flux calls it: "v1.2.3"; "" for none
  CommitId commit;
  WallTime committed_at{};

  bool operator==(const Revision&) const = default;
};

/// "main@sha1:<commit>", as Flux writes revisions; "sha1:<commit>" for one without a ref.
[[nodiscard]] std::string to_string(const Revision& revision);

}  // namespace primocane

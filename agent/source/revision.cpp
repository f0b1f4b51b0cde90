// SPDX-License-Identifier: Apache-2.0
#include "source/revision.hpp"

#include <fmt/format.h>

namespace primocane {

std::string to_string(const Revision& revision) {
  return fmt::format("{}{}sha1:{}", revision.branch, revision.branch.empty() ? "" : "@",
                     revision.commit.str());
}

}  // namespace primocane

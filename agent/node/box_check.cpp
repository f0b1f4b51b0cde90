// SPDX-License-Identifier: Apache-2.0
#include "node/box_check.hpp"

#include <fmt/format.h>

namespace primocane {

Finding examine_box(const Result<std::string_view>& strength) {
  if (!strength || *strength == "none") {
    return {
        .check = "box",
        .level = Level::problem,
        .message = fmt::format("renderers can't be locked in, so the agent does not start: {}",
                               strength ? "the kernel offers nothing" : strength.error().message),
        .advice = "run the agent as root, or on a kernel with Landlock (5.13 or newer)"};
  }
  return {.check = "box",
          .message = fmt::format("renderers can be locked in (box: {})", *strength)};
}

}  // namespace primocane

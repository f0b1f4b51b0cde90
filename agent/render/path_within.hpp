// SPDX-License-Identifier: Apache-2.0
// Whether a path lies in a folder.
#pragma once

#include "base/ids.hpp"

namespace primocane {

/// Whether `path` is `folder` or lies below it.
[[nodiscard]] inline bool is_within(const RelativePath& path, const RelativePath& folder) {
  if (folder.is_root() || path == folder) return true;
  return path.str().starts_with(folder.str()) && path.str()[folder.str().size()] == '/';
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// MemoryTree: a SourceTree that a test writes down as a list of paths.
#pragma once

#include "source/source_tree.hpp"

#include <map>
#include <memory>
#include <string>

namespace primocane {

/// What a test's tree holds. Folders are there because something is in them.
struct TreeContent {
  std::map<std::string, std::string> files;       ///< path to content
  std::map<std::string, std::string> links;       ///< path to target
  std::map<std::string, std::string> submodules;  ///< path to commit
};

/// The tree with exactly that content. Paths must be normalised.
[[nodiscard]] std::unique_ptr<SourceTree> make_memory_tree(TreeContent content);

}  // namespace primocane

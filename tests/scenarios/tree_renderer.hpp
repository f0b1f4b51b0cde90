// SPDX-License-Identifier: Apache-2.0
// TreeRenderer: the Renderer without its box: the same code and the same answer, in this process.
#pragma once

#include "base/ids.hpp"
#include "reconcile/renderer.hpp"

#include <map>
#include <string>
#include <vector>

namespace primocane {

class TreeRenderer final : public Renderer {
 public:
  Task<Result<Rendering>> render(RenderRequest request, std::string root) override;

  /// The folder on disk that each commit is the tree of.
  std::map<CommitId, std::string> folders;
};

}  // namespace primocane

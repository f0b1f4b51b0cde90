// SPDX-License-Identifier: Apache-2.0
// Renderer: a revision's folder becomes the objects it desires. BoxedRenderer does it in a child
// that can reach nothing else.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "render/render_request.hpp"
#include "resource/desired.hpp"

#include <string>
#include <vector>

namespace primocane {

class Renderer {
 public:
  virtual ~Renderer() = default;
  /// Renders what `request` names, read from the folder `root` (a bare repository or the tree
  /// itself). `invalid`, with file and line, for what is wrong in Git.
  virtual Task<Result<std::vector<DesiredObject>>> render(RenderRequest request,
                                                          std::string root) = 0;
};

/// Runs each rendering in a boxed child of its own; what the child takes returns to the node when
/// it ends.
class BoxedRenderer final : public Renderer {
 public:
  BoxedRenderer(ChildProcesses& children, BoxLimits limits)
      : children_(children), limits_(limits) {}

  Task<Result<std::vector<DesiredObject>>> render(RenderRequest request, std::string root) override;

  /// The same with RenderOutput::resources: the YAML text.
  Task<Result<std::string>> render_text(RenderRequest request, std::string root);

 private:
  ChildProcesses& children_;
  BoxLimits limits_;
};

}  // namespace primocane

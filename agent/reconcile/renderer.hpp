// SPDX-License-Identifier: Apache-2.0
// Renderer: a revision's folder becomes the objects it desires. BoxedRenderer does it in a child
// that can reach nothing else.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "reconcile/remotes.hpp"
#include "render/render_request.hpp"
#include "render/rendering.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

class Renderer {
 public:
  virtual ~Renderer() = default;
  /// Renders what `request` names, read from the folder `root` (a bare repository or the tree
  /// itself) or from the bundle `root`. `invalid`, with file and line, for what is wrong in Git.
  virtual Task<Result<Rendering>> render(RenderRequest request, std::string root) = 0;
};

/// Runs each rendering in a boxed child of its own; what the child takes returns to the node when
/// it ends. A child that needs something from elsewhere says so, and the next one is given it.
class BoxedRenderer final : public Renderer {
 public:
  /// Without `remotes` what needs them is `invalid`.
  BoxedRenderer(ChildProcesses& children, BoxLimits limits, Remotes* remotes)
      : children_(children), limits_(limits), remotes_(remotes) {}

  /// How many children one rendering may take: each but the last found something missing.
  static constexpr int rounds_max = 50;

  Task<Result<Rendering>> render(RenderRequest request, std::string root) override;

  /// The same with RenderOutput::resources: the YAML text. `denied` if a path leads out of the
  /// tree.
  Task<Result<std::string>> render_text(RenderRequest request, std::string root);

 private:
  /// What a child that has ended leaves besides its output.
  struct End {
    Result<void> talked;
    ChildExit exit;
    std::string errors;
  };
  /// Takes the child's output piece by piece; an error ends the reading.
  using Taker = std::function<Result<void>(std::string_view)>;

  Task<Result<End>> run(RenderRequest request, std::string root, const RemoteGifts* gifts,
                        Taker take);
  Task<Result<void>> provide(std::vector<RemoteNeed> needs, RemoteGifts* gifts);

  ChildProcesses& children_;
  BoxLimits limits_;
  Remotes* remotes_;
};

}  // namespace primocane

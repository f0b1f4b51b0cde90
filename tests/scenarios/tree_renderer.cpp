// SPDX-License-Identifier: Apache-2.0
#include "scenarios/tree_renderer.hpp"

#include "render/render_desired.hpp"
#include "render/request_shape.hpp"
#include "source/folder_tree.hpp"
#include "support/memory_remotes.hpp"

#include <memory>
#include <utility>

namespace primocane {

namespace {

Result<std::unique_ptr<SourceTree>> open_shaped(const std::string& folder,
                                                const RenderRequest& request) {
  const auto shape = request_shape(*TRY(open_folder_tree(folder)), request);
  std::unique_ptr<StoredTree> stored = TRY(open_stored_folder(folder));
  if (shape) stored = TRY(shape_tree(std::move(stored), *shape));
  return follow_links(std::move(stored));
}

// Through the lines that the boxed child prints, so that they are part of every scenario.
Result<Rendering> render_folder(const std::string& folder, const RenderRequest& request) {
  const std::unique_ptr<SourceTree> tree = TRY(open_shaped(folder, request));
  MemoryRemotes remotes;
  std::string answer;
  const Result<std::uint64_t> count = render_desired(
      *tree, remotes, request,
      [&answer](const RenderedObject& object) { answer += write_render_object(object); });
  answer += count ? write_render_end(*count) : write_render_error(count.error());
  RenderAnswerReader reader(request.objects_max);
  TRY(reader.add(answer));
  return reader.finish();
}

}  // namespace

Task<Result<Rendering>> TreeRenderer::render(RenderRequest request, std::string /*root*/) {
  co_return render_folder(folders.at(request.commit.value()), request);
}

}  // namespace primocane

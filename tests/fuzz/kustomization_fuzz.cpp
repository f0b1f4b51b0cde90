// SPDX-License-Identifier: Apache-2.0
// Whatever a small repository holds, building it ends in objects that are well-formed, or in an
// error of the input.
#include "base/take_until.hpp"
#include "fuzz/require.hpp"
#include "render/kustomize.hpp"
#include "render/render_desired.hpp"
#include "resource/desired.hpp"
#include "resource/names.hpp"
#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace primocane;

namespace {

// A line "=== path" begins a file; what stands before the first is the kustomization file.
TreeContent tree_in(std::string_view text) {
  constexpr std::string_view mark = "=== ";
  TreeContent content;
  std::string path = "kustomization.yaml";
  while (!text.empty()) {
    const std::string_view line = take_until(text, '\n');
    if (!line.starts_with(mark)) {
      content.files[path].append(line).append("\n");
      continue;
    }
    const auto parsed = RelativePath::parse(line.substr(mark.size()));
    // A file is no folder: names without an ending are folders' in these trees.
    if (parsed && parsed->name().find('.') != std::string_view::npos &&
        parsed->parent().str().find('.') == std::string::npos) {
      path = parsed->str();
    }
  }
  return content;
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto tree = make_memory_tree(tree_in(text));
  BuildOptions options;
  options.limits.files_max = 200;
  options.limits.objects_max = 500;
  options.limits.depth_max = 8;
  options.limits.document.nodes = 20'000;
  MemoryRemotes remotes;
  auto built = build_folder(*tree, remotes, RelativePath(), options);
  if (!built) {
    // `denied` is what lies outside of the tree.
    const ErrorKind kind = built.error().kind;
    require(kind == ErrorKind::invalid || kind == ErrorKind::denied);
    require(!built.error().message.empty());
    return 0;
  }
  auto resources = as_resources(std::move(*built));
  if (!resources) {
    require(resources.error().kind == ErrorKind::invalid);
    return 0;
  }
  std::vector<DesiredObject> objects;
  for (Resource& resource : *resources) {
    require(is_well_formed(resource.id));
    auto desired = make_desired(std::move(resource), {"flux-system", "apps"});
    if (!desired) {
      require(desired.error().kind == ErrorKind::invalid);
      return 0;
    }
    objects.push_back(std::move(*desired));
  }
  require(DesiredSet::make({"flux-system", "apps"}, std::move(objects)).has_value());
  return 0;
}

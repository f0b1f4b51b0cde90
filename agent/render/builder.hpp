// SPDX-License-Identifier: Apache-2.0
// Builder: walks a tree from one folder on and makes its drafts: by kustomization files, and, where
// there is none, from all YAML files below it.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "render/draft.hpp"
#include "render/kustomization_file.hpp"
#include "render/kustomize.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <vector>

namespace primocane {

class UniqueIds;

/// One build. Borrows the tree.
class Builder {
 public:
  Builder(const SourceTree& tree, const RenderLimits& limits) : tree_(tree), limits_(limits) {}

  /// The drafts of `folder`, with all transformers of the kustomization files applied but for what
  /// comes last, once for all (name references).
  [[nodiscard]] Result<std::vector<Draft>> build(const RelativePath& folder);

 private:
  /// What is read into: drafts without two of one identity.
  struct Collection;

  Result<std::vector<Draft>> build_kustomization(const RelativePath& folder,
                                                 const RelativePath& path);
  Result<void> transform(std::vector<Draft>& drafts, const KustomizationFile& file) const;
  Result<void> add_listed(const ListedPath& listed, const KustomizationFile& file,
                          const RelativePath& folder, Collection& into);
  Result<void> add_base(const ListedPath& listed, const KustomizationFile& file,
                        const RelativePath& base, Collection& into);
  Result<void> add_file(const RelativePath& path, Collection& into);
  Result<void> add_plain_folder(const RelativePath& folder, Collection& into, std::uint32_t depth);
  Result<void> refuse_source_ignore_above(RelativePath folder) const;
  Result<std::string> read(const RelativePath& path);
  Result<void> append(std::vector<Draft> drafts, Collection& into) const;

  const SourceTree& tree_;
  const RenderLimits& limits_;
  std::uint64_t files_read_ = 0;
  std::vector<RelativePath>
      open_folders_;  ///< whose kustomizations are being built, outermost first
};

}  // namespace primocane

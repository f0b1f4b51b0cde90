// SPDX-License-Identifier: Apache-2.0
// Builder: walks a tree from one folder on and makes its drafts: by kustomization files, and, where
// there is none, from all YAML files below it.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "render/accumulation.hpp"
#include "render/draft.hpp"
#include "render/file_loader.hpp"
#include "render/kustomization_file.hpp"
#include "render/kustomize.hpp"
#include "render/remote_trees.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One build. Borrows the tree, the remotes and the options.
class Builder {
 public:
  /// `open_remotes`: the remote bases that led to this tree, outermost first.
  Builder(const SourceTree& tree, RemoteTrees& remotes, const BuildOptions& options,
          std::vector<std::string> open_remotes = {});

  /// What `folder` accumulates, with all transformers of the kustomization files applied but for
  /// what comes last, once for all (hashes, name references, vars).
  [[nodiscard]] Result<Accumulation> build(const RelativePath& folder);

 private:
  Result<Accumulation> build_kustomization(const RelativePath& folder, const RelativePath& path);
  Result<void> transform(Accumulation& accumulation, const KustomizationFile& file) const;
  Result<void> add_listed(const ListedPath& listed, const KustomizationFile& file,
                          const FileLoader& loader, Accumulation& into);
  Result<void> add_remote(const ListedPath& listed, const KustomizationFile& file, RemoteRole role,
                          Accumulation& into);
  [[nodiscard]] bool leads_back(std::string_view text) const;
  Result<Accumulation> build_base(const RelativePath& base);
  Result<void> add_base(const ListedPath& listed, const KustomizationFile& file,
                        const RelativePath& base, Accumulation& into);
  Result<void> add_file(const RelativePath& path, const FileLoader& loader, Accumulation& into);
  Result<void> add_plain_folder(const RelativePath& folder, Accumulation& into,
                                std::uint32_t depth);
  Result<void> refuse_source_ignore_above(RelativePath folder) const;
  Result<void> append(std::vector<Draft> drafts, Accumulation& into) const;
  [[nodiscard]] FileLoader loader_at(const RelativePath& folder);

  const SourceTree& tree_;
  RemoteTrees& remotes_;
  const BuildOptions& options_;
  std::vector<std::string> open_remotes_;
  FileCount files_;
  SharedConfig default_config_;
  std::vector<RelativePath>
      open_folders_;  ///< whose kustomizations are being built, outermost first
};

}  // namespace primocane

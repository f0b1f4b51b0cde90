// SPDX-License-Identifier: Apache-2.0
// Builder: walks from one folder on and gathers drafts: by kustomization files, and, where there is
// none, from all YAML files below it (api/internal/target/kusttarget.go of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "render/accumulation.hpp"
#include "render/build_metadata.hpp"
#include "render/file_loader.hpp"
#include "render/kustomization_file.hpp"
#include "render/kustomize.hpp"
#include "render/open_api.hpp"
#include "render/open_folders.hpp"
#include "render/transformers.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace primocane {

/// What comes of a build before what kustomize does last, once for all (hashes, name references,
/// vars, order).
struct Built {
  Accumulation gathered;
  KustomizationFile root;
};

/// One build. Borrows the tree, what is remote, and the options.
class Builder {
 public:
  Builder(const SourceTree& tree, RemoteTrees& remotes, const BuildOptions& options);

  [[nodiscard]] Result<Built> build(const RelativePath& folder);

 private:
  /// A kustomization that is being built.
  struct Target {
    KustomizationFile file;
    FileLoader loader;
    std::optional<ResourceOrigin> origin;  ///< nothing without `buildMetadata`
  };

  /// The kustomization that is built, with what a Kustomization of Flux makes of it.
  Result<Target> open_root(const TreeFolder& folder, const RelativePath& path);
  Result<Target> generate_root(const TreeFolder& folder);
  Result<Target> open(const TreeFolder& folder, const RelativePath& path,
                      LoadRestrictor restrictor);
  [[nodiscard]] FileLoader loader_at(const TreeFolder& folder, LoadRestrictor restrictor);
  [[nodiscard]] Accumulation nothing() const;

  Result<void> gather(const Target& target, Accumulation& into);
  Result<void> run_generators(const Target& target, Accumulation& into);
  Result<void> add_components(const Target& target, Accumulation& into);
  Result<void> transform(const Target& target, Accumulation& into);
  Result<void> validate(const Target& target, Accumulation& into);

  /// The objects that `paths` lead to, in which each item may also be the text of objects.
  Result<std::vector<Draft>> plugin_configurations(const Target& target,
                                                   const std::vector<ListedPath>& paths);
  Result<void> add_listed(const ListedPath& listed, const Target& target, Accumulation& into);
  Result<void> add_remote(const ListedPath& listed, const Target& target, Accumulation& into);
  Result<void> add_base(const ListedPath& listed, const TreeFolder& base, const Target& target,
                        Accumulation& into);
  Result<Accumulation> build_base(const ListedPath& listed, const TreeFolder& base,
                                  const Target& target);
  Result<void> add_component(const ListedPath& listed, const TreeFolder& folder,
                             const Target& target, Accumulation& into);
  Result<Target> open_child(const ListedPath& listed, const TreeFolder& folder,
                            const Target& parent, KustomizationKind kind);
  Result<void> add_objects(std::string_view text, const std::string& name, const ListedPath& listed,
                           const Target& target, Accumulation& into);
  Result<void> append(std::vector<Draft> drafts, Accumulation& into);

  const SourceTree& tree_;
  RemoteTrees& remotes_;
  const BuildOptions& options_;
  LoadLimits limits_;
  SharedConfig default_config_;
  OpenApi open_api_;
  OpenFolders open_folders_;
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Decrypts, before a build, the files that it takes secrets from (kustomize-controller,
// internal/decryptor, DecryptSources).
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "render/kustomize.hpp"
#include "secrets/age_identity.hpp"
#include "source/source_tree.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace primocane {

/// A tree in which some files have another content.
class DecryptedTree final : public SourceTree {
 public:
  using Files = std::map<RelativePath, std::string>;

  /// Borrows `tree`. The files are overwritten when this is destroyed.
  DecryptedTree(const SourceTree& tree, Files files);
  DecryptedTree(const DecryptedTree&) = delete;
  DecryptedTree& operator=(const DecryptedTree&) = delete;
  ~DecryptedTree() override;

  [[nodiscard]] Result<EntryKind> kind(const RelativePath& path) const override;
  [[nodiscard]] Result<std::vector<TreeEntry>> list(const RelativePath& path) const override;
  [[nodiscard]] Result<std::string> read(const RelativePath& path, ByteCount limit) const override;

 private:
  const SourceTree& tree_;
  Files files_;
};

struct DecryptedSources {
  DecryptedTree::Files files;
  bool has_patches = false;  ///< among them, so that any object may hold what was encrypted
};

/// What the encrypted files hold that the kustomizations from `folder` on name: files and env files
/// of secret generators, whose format is told by their keys and names, and files of patches. It
/// follows `resources` and `components`, with `components` in front as those that a Kustomization
/// of Flux adds. Whoever else reads one of them sees it decrypted as well, as in Flux.
///
/// The MACs of encrypted objects among the resources are checked here, where their files are as
/// they were written. What is wrong about files and kustomizations otherwise is left to the build
/// to say. Errors, `invalid` all of them, name the file: no identity fits, its MAC does not, or it
/// is damaged.
[[nodiscard]] Result<DecryptedSources> decrypt_sources(const SourceTree& tree,
                                                       const RelativePath& folder,
                                                       std::span<const std::string> components,
                                                       const Identities& identities,
                                                       const RenderLimits& limits);

}  // namespace primocane

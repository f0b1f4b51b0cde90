// SPDX-License-Identifier: Apache-2.0
// ComposedRepository: a GitRepository with others in it, what spec.include names and its
// submodules: composed by a boxed child into one bundle, from which all that is rendered is read.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "flux/git_repository_spec.hpp"
#include "reconcile/git_source_settings.hpp"
#include "reconcile/sources.hpp"
#include "source/composed_folder.hpp"
#include "source/git_repository.hpp"
#include "source/pack_work.hpp"
#include "source/submodule_fetcher.hpp"
#include "source/tree_shape.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

/// Whether `spec` names more than its own commit holds.
[[nodiscard]] bool is_composed(const GitRepositorySpec& spec);

struct CompositionSettings {
  GitSource source;
  std::vector<GitInclude> includes;
  bool recurses_submodules = false;
  TreeShape shape;                       ///< what the repository takes
  std::optional<std::uint32_t> readers;  ///< MirrorFolder::readers
  std::string key_folder;                ///< where keys lie while an ssh runs
  std::string folder;                    ///< where it is kept
};

/// Contract: OpenSource. In Flux's order: spec.sparseCheckout, the submodules, spec.include; what
/// spec.ignore and .sourceignore leave out is left out where it is rendered. What an included
/// repository holds is what it takes of its own commit. It is composed anew when anything that it
/// is made of has changed; until that is done, what was composed before stays. References are
/// borrowed and outlive it.
class ComposedRepository final : public OpenSource {
 public:
  ComposedRepository(CompositionSettings settings, GitRepository& repository, EventLoop& loop,
                     ChildProcesses& children);

  std::optional<SourceContent> on_disk() override;
  Task<Result<SourceContent>> update(std::vector<SourceContent> included) override;

 private:
  Task<Result<void>> compose(CommitId commit, std::vector<SourceContent> included,
                             std::string path);
  [[nodiscard]] std::string wish() const;
  [[nodiscard]] std::string state_of(const Revision& revision,
                                     const std::vector<SourceContent>& included) const;
  [[nodiscard]] SourceContent content(const ComposedTree& tree) const;

  CompositionSettings settings_;
  GitRepository& repository_;
  ChildProcesses& children_;
  ComposedFolder folder_;
  SubmoduleFetcher submodules_;
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// DeclaredRepositories: the GitRepositories that Git declares beside the configured one, each with
// a mirror of its own.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "flux/git_repository_spec.hpp"
#include "reconcile/composed_repository.hpp"
#include "reconcile/git_source_settings.hpp"
#include "reconcile/sources.hpp"
#include "source/git_repository.hpp"
#include "source/tree_shape.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace primocane {

/// `invalid` where the object of the repository `configured` asks for what would change its content
/// and is not done there: it names the field. One that comes with what it speaks of can't vouch for
/// it, so that it is not verified by its `verify` but by the configuration's keys.
[[nodiscard]] Result<void> check_served_configured(const GitRepositorySpec& spec,
                                                   const ConfiguredRepository& configured);

/// What a GitRepository takes of its commits.
[[nodiscard]] TreeShape shape_of(const GitRepositorySpec& spec);

struct DeclaredRepositorySettings {
  GitSettings limits;                    ///< what of the configuration holds for all of them
  std::optional<std::uint32_t> readers;  ///< MirrorFolder::readers
  std::string key_folder;                ///< where keys lie while an ssh runs: in memory (/run)
  std::string system_authorities;        ///< PEM, "" where the system has none
};

/// What was opened stays while nothing that it is reached by changes: a mirror that is opened anew
/// is looked through completely. `loop` and `children` are borrowed and outlive it.
class DeclaredRepositories {
 public:
  DeclaredRepositories(EventLoop& loop, ChildProcesses& children,
                       DeclaredRepositorySettings settings)
      : loop_(loop), children_(children), settings_(std::move(settings)) {}

  /// Contract: SourceOpener::open(). What it opens borrows from here, until the same object is
  /// opened again or keep_only() is called without it. Its mirror lies in `folder`.
  Task<Result<std::unique_ptr<OpenSource>>> open(Resource object, std::string folder,
                                                 Cluster& cluster);

  /// Closes all but these.
  void keep_only(const std::set<ResourceId>& sources);

 private:
  struct Known {
    GitSource source;
    std::unique_ptr<GitRepository> repository;
  };

  Task<Result<GitSecrets>> read_secrets(const GitRepositorySpec& spec, Cluster& cluster) const;
  [[nodiscard]] CompositionSettings composition_of(const GitRepositorySpec& spec, GitSource source,
                                                   std::string folder) const;
  [[nodiscard]] Result<GitRepository*> repository(const ResourceId& id, GitSource source,
                                                  const std::string& folder);

  EventLoop& loop_;
  ChildProcesses& children_;
  DeclaredRepositorySettings settings_;
  std::map<ResourceId, Known> known_;
};

}  // namespace primocane

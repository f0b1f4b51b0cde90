// SPDX-License-Identifier: Apache-2.0
// DeclaredSources: opens the sources that Git declares, GitRepositories and OCIRepositories, with
// what their Secrets in the cluster say, and keeps what they hold below a folder.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "reconcile/declared_repositories.hpp"
#include "reconcile/sources.hpp"

#include <memory>
#include <set>
#include <string>
#include <utility>

namespace primocane {

struct DeclaredSourceSettings {
  std::string folder;  ///< where what they hold is kept; made when it is needed
  DeclaredRepositorySettings git;
};

/// `loop` and `children` are borrowed and outlive it.
class DeclaredSources final : public SourceOpener {
 public:
  DeclaredSources(EventLoop& loop, ChildProcesses& children, DeclaredSourceSettings settings)
      : loop_(loop),
        children_(children),
        folder_(std::move(settings.folder)),
        system_authorities_(settings.git.system_authorities),
        repositories_(loop, children, std::move(settings.git)) {}

  Task<Result<std::unique_ptr<OpenSource>>> open(Resource object, Cluster& cluster) override;
  void keep_only(const std::set<ResourceId>& sources) override;

 private:
  Task<Result<std::unique_ptr<OpenSource>>> open_artifact(Resource object, Cluster& cluster);
  [[nodiscard]] std::string folder_of(const ResourceId& id) const;

  EventLoop& loop_;
  ChildProcesses& children_;
  std::string folder_;
  std::string system_authorities_;
  DeclaredRepositories repositories_;
  std::set<ResourceId> kept_;
};

}  // namespace primocane

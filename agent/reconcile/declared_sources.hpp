// SPDX-License-Identifier: Apache-2.0
// DeclaredSources: opens the sources that Git declares, OCIRepositories, with what their Secrets in
// the cluster say, and keeps what they hold below a folder.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "reconcile/sources.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace primocane {

struct DeclaredSourceSettings {
  std::string folder;              ///< where what they hold is kept; made when it is needed
  std::string system_authorities;  ///< PEM, "" where the system has none
};

/// `loop` and `children` are borrowed and outlive it.
class DeclaredSources final : public SourceOpener {
 public:
  DeclaredSources(EventLoop& loop, ChildProcesses& children, DeclaredSourceSettings settings)
      : loop_(loop), children_(children), settings_(std::move(settings)) {}

  Task<Result<std::unique_ptr<OpenSource>>> open(Resource object, Cluster& cluster) override;
  void keep_only(const std::set<ResourceId>& sources) override;

 private:
  [[nodiscard]] std::string folder_of(const ResourceId& id) const;

  EventLoop& loop_;
  ChildProcesses& children_;
  DeclaredSourceSettings settings_;
  std::set<ResourceId> kept_;
};

}  // namespace primocane

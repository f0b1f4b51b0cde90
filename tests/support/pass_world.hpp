// SPDX-License-Identifier: Apache-2.0
// PassWorld: a remote, a cluster, a disk and an agent's memory, all fakes, with passes to run.
#pragma once

#include "reconcile/pass.hpp"
#include "support/fake_cluster.hpp"
#include "support/fake_parts.hpp"
#include "support/fake_repository.hpp"
#include "support/test_loop.hpp"

#include <string>
#include <string_view>

namespace primocane {

class PassWorld {
 public:
  /// `opener` of declared sources is borrowed; without one none is served.
  explicit PassWorld(SourceOpener* opener = nullptr);

  /// Commits `manifests` (YAML documents) as the commit of forty times `digit`.
  void commit(char digit, std::string_view manifests);
  /// Adds to that commit what its folder `path` holds.
  void folder(char digit, std::string_view path, std::string_view manifests);

  /// Runs one pass.
  PassReport pass(PassRequest request = {});
  /// Forgets what was in memory and loads what is on disk, as a restart does.
  void restart();

  TestLoop loop;
  FakeRepository repository;
  FakeRenderer renderer;
  FakeCluster cluster{loop};
  Sources sources;
  ChartFinder* charts = nullptr;
  MemoryStore store;
  EventLog events;
  DecryptionKeys keys;
  PassSettings settings;
  PassMemory memory;
};

/// ConfigMap `name` in namespace default with data {k: `value`}, as YAML with a leading "---".
[[nodiscard]] std::string config_map_yaml(std::string_view name, std::string_view value = "v");
/// Kustomization flux-system/`name` of the configured repository's folder `name`, which prunes, as
/// YAML with a leading "---"; `more` are lines of its spec, indented by two.
[[nodiscard]] std::string kustomization_yaml(std::string_view name, std::string_view more = {});
/// The identity of such a ConfigMap.
[[nodiscard]] ResourceId default_map(std::string_view name);

}  // namespace primocane

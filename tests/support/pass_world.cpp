// SPDX-License-Identifier: Apache-2.0
#include "support/pass_world.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

PassWorld::PassWorld(SourceOpener* opener) : sources(repository, opener, loop.clock()) {}

void PassWorld::commit(char digit, std::string_view manifests) {
  const CommitId commit = repository.push(digit);
  renderer.manifests.insert_or_assign(commit.str(), std::string(manifests));
}

void PassWorld::folder(char digit, std::string_view path, std::string_view manifests) {
  renderer.manifests.insert_or_assign(fmt::format("{}/{}", commit_of(digit).str(), path),
                                      std::string(manifests));
}

PassReport PassWorld::pass(PassRequest request) {
  const PassParts parts{.loop = loop,
                        .repository = repository,
                        .renderer = renderer,
                        .cluster = cluster,
                        .sources = sources,
                        .store = store,
                        .events = events,
                        .keys = &keys,
                        .charts = charts};
  return run_until_done(loop, run_pass(parts, settings, memory, std::move(request)));
}

void PassWorld::restart() {
  memory = PassMemory();
  load_memory(memory, store, events);
}

std::string config_map_yaml(std::string_view name, std::string_view value) {
  return fmt::format(
      "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n  namespace: default\n"
      "data:\n  k: {}\n",
      name, value);
}

std::string kustomization_yaml(std::string_view name, std::string_view more) {
  return fmt::format(
      "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n"
      "  name: {0}\n  namespace: flux-system\nspec:\n  interval: 10m\n  prune: true\n  path: {0}\n"
      "  sourceRef: {{kind: GitRepository, name: flux-system}}\n{1}",
      name, more);
}

ResourceId default_map(std::string_view name) {
  return {"", "ConfigMap", "default", std::string(name)};
}

}  // namespace primocane

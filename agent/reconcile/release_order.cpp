// SPDX-License-Identifier: Apache-2.0
#include "reconcile/release_order.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace primocane {

namespace {

const std::vector<ReleaseDependency>* dependencies_of(const ResourceId& id,
                                                      const ReleaseStates& releases) {
  const auto found = releases.find(id);
  if (found == releases.end() || !found->second.spec) return nullptr;
  return &found->second.spec->depends_on;
}

// From each release that was met to the one that led there, beginning with what `id` depends on.
using WayBack = std::map<ResourceId, ResourceId>;

WayBack ways_from(const ResourceId& id, const ReleaseStates& releases) {
  WayBack ways;
  std::vector<ResourceId> open{id};
  while (!open.empty()) {
    const ResourceId from = std::move(open.back());
    open.pop_back();
    const auto* dependencies = dependencies_of(from, releases);
    if (dependencies == nullptr) continue;
    for (const ReleaseDependency& dependency : *dependencies) {
      if (ways.emplace(dependency.release, from).second) open.push_back(dependency.release);
    }
  }
  return ways;
}

}  // namespace

std::vector<ResourceId> in_order_of_dependencies(const std::vector<ResourceId>& ids,
                                                 const ReleaseStates& releases) {
  std::map<ResourceId, std::size_t> awaited;  // how many of `ids` each still waits for
  std::map<ResourceId, std::vector<ResourceId>> dependants;
  for (const ResourceId& id : ids) awaited.emplace(id, 0);
  for (const ResourceId& id : ids) {
    const auto* dependencies = dependencies_of(id, releases);
    if (dependencies == nullptr) continue;
    for (const ReleaseDependency& dependency : *dependencies) {
      if (!awaited.contains(dependency.release)) continue;
      ++awaited[id];
      dependants[dependency.release].push_back(id);
    }
  }
  std::vector<ResourceId> ordered;
  for (const ResourceId& id : ids) {
    if (awaited[id] == 0) ordered.push_back(id);
  }
  for (std::size_t next = 0; next < ordered.size(); ++next) {
    const ResourceId ready = ordered[next];
    for (const ResourceId& dependant : dependants[ready]) {
      if (--awaited[dependant] == 0) ordered.push_back(dependant);
    }
  }
  for (const ResourceId& id : ids) {
    if (awaited[id] > 0) ordered.push_back(id);
  }
  return ordered;
}

std::optional<std::string> dependency_circle(const ResourceId& id, const ReleaseStates& releases) {
  const WayBack ways = ways_from(id, releases);
  auto step = ways.find(id);
  if (step == ways.end()) return std::nullopt;
  const auto name_of = [](const ResourceId& release) {
    return fmt::format("{}/{}", release.namespace_name, release.name);
  };
  std::string text = name_of(id);
  for (; step->second != id; step = ways.find(step->second)) {
    text = fmt::format("{} → {}", name_of(step->second), text);
  }
  return fmt::format("{} → {}", name_of(id), text);
}

}  // namespace primocane

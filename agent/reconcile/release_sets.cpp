// SPDX-License-Identifier: Apache-2.0
#include "reconcile/release_sets.hpp"

#include "flux/helm_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace primocane {

namespace {

Result<std::vector<DesiredObject>> desired_objects(const std::vector<Resource>& resources,
                                                   const KustomizationName& name) {
  std::vector<DesiredObject> objects;
  for (const Resource& resource : resources) {
    DesiredObject object = TRY(make_desired(resource, name));
    objects.push_back(std::move(object));
  }
  return objects;
}

bool holds_the_same(const DesiredSet& set, const std::set<ResourceId>& earlier,
                    const std::vector<DesiredObject>& objects) {
  if (earlier.size() != objects.size()) return false;
  return std::ranges::all_of(objects, [&](const DesiredObject& object) {
    const DesiredObject* found = set.find(object.id);
    return earlier.contains(object.id) && found != nullptr && found->hash == object.hash;
  });
}

// What `release` comes to in the set of `state`, but for what Git declares itself, and for what the
// releases before it came to: `wanted`.
Result<std::vector<DesiredObject>> objects_of_release(const ReleaseState& release,
                                                      const KustomizationState& state,
                                                      const std::set<ResourceId>& wanted) {
  std::vector<DesiredObject> objects = TRY(desired_objects(*release.objects, state.spec.name));
  const RenderedSet& rendered = *state.rendered;
  for (const DesiredObject& object : objects) {
    if (wanted.contains(object.id)) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: {} stands for another HelmRelease as well: give them different "
                              "names by spec.releaseName",
                              to_string(object.origin), to_string(object.id)));
    }
    const DesiredObject* other = rendered.desired.find(object.id);
    if (other == nullptr || rendered.of_releases.contains(object.id)) continue;
    return fail(
        ErrorKind::invalid,
        fmt::format("{}: {} is in Git itself ({}), and stands for this release as well: "
                    "keep one of them",
                    to_string(object.origin), to_string(object.id), to_string(other->origin)));
  }
  return objects;
}

Result<void> replace_objects(KustomizationState& state, std::vector<DesiredObject> wanted) {
  RenderedSet& rendered = *state.rendered;
  std::vector<DesiredObject> objects = rendered.desired.objects();
  std::erase_if(objects, [&](const DesiredObject& object) {
    return rendered.of_releases.contains(object.id);
  });
  std::set<ResourceId> of_releases;
  for (DesiredObject& each : wanted) {
    of_releases.insert(each.id);
    objects.push_back(std::move(each));
  }
  rendered.desired = TRY(DesiredSet::make(state.spec.name, std::move(objects)));
  rendered.of_releases = std::move(of_releases);
  rendered.is_resolved = false;
  return {};
}

// Sorted, as names of releases are given away: HelmReleases::name_is_free().
std::set<ResourceId> releases_in(const RenderedSet& rendered) {
  std::set<ResourceId> ids;
  for (const Resource& object : rendered.contained) {
    if (is_release(object)) ids.insert(placed_release(object.id));
  }
  return ids;
}

}  // namespace

bool is_release(const Resource& object) {
  return object.id.group == "helm.toolkit.fluxcd.io" && object.id.kind == "HelmRelease";
}

// As everywhere in the graph: what does not say where is in "default".
ResourceId placed_release(ResourceId id) {
  if (id.namespace_name.empty()) id.namespace_name = "default";
  return id;
}

void merge_releases(KustomizationState& state, ReleaseStates& releases) {
  const std::set<ResourceId> ids = releases_in(*state.rendered);
  std::vector<DesiredObject> wanted;
  std::set<ResourceId> wanted_ids;
  for (const ResourceId& id : ids) {
    ReleaseState& release = releases.at(id);
    if (!release.objects) continue;
    Result<std::vector<DesiredObject>> made = objects_of_release(release, state, wanted_ids);
    if (!made) {
      if (!release.failure) release.failure = std::move(made).error();
      continue;
    }
    for (DesiredObject& each : *made) {
      wanted_ids.insert(each.id);
      wanted.push_back(std::move(each));
    }
  }
  const RenderedSet& rendered = *state.rendered;
  if (holds_the_same(rendered.desired, rendered.of_releases, wanted)) return;
  const Result<void> replaced = replace_objects(state, std::move(wanted));
  if (replaced) return;
  for (const ResourceId& id : ids) releases.at(id).failure = replaced.error();
}

std::vector<ResourceId> unknown_objects(const std::vector<Resource>& contained,
                                        const ReleaseStates& releases) {
  std::vector<ResourceId> unknown;
  for (const Resource& object : contained) {
    if (!is_release(object)) continue;
    const ResourceId id = placed_release(object.id);
    const auto release = releases.find(id);
    if (release != releases.end() && release->second.objects) continue;
    const ResourceId chart = helm_chart_id(id.namespace_name, release_name_of(object));
    std::ranges::copy(objects_of_helm_chart(chart), std::back_inserter(unknown));
  }
  return unknown;
}

std::vector<HelmReleaseStatus> list_releases(const KustomizationStates& kustomizations,
                                             const ReleaseStates& releases) {
  std::vector<HelmReleaseStatus> list;
  std::set<ResourceId> listed;
  for (const auto& [name, state] : kustomizations) {
    if (!state.rendered) continue;
    for (const Resource& object : state.rendered->contained) {
      if (!is_release(object)) continue;
      const auto release = releases.find(placed_release(object.id));
      if (release == releases.end() || !listed.insert(release->first).second) continue;
      list.push_back(status_of(release->second, release->first, name));
    }
  }
  return list;
}

bool keep_what_helm_needs(PrunePlan& plan, const ClusterSight& sight) {
  const std::size_t before = plan.kept.size();
  std::erase_if(plan.removals, [&](const Removal& removal) {
    const std::optional<ResourceId> chart = helm_chart_of_secret(removal.id);
    if (!chart || !sight.view.labelled.contains(*chart)) return false;
    plan.kept.push_back({.id = removal.id,
                         .kustomization = removal.kustomization,
                         .reason = fmt::format("{} needs it until it is gone", to_string(*chart))});
    return true;
  });
  return plan.kept.size() != before;
}

}  // namespace primocane

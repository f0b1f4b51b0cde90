// SPDX-License-Identifier: Apache-2.0
#include "reconcile/explain.hpp"

#include "document/schema_reader.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/object_state.hpp"
#include "reconcile/readiness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

bool is_same_letter(char one, char other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return lower(one) == lower(other);
}

bool is_of_kind(const ObjectQuery& query, const ResourceId& id) {
  return std::ranges::equal(query.kind, id.kind, is_same_letter) &&
         (!query.group || *query.group == id.group);
}

bool is_meant(const ObjectQuery& query, const ResourceId& id) {
  return is_of_kind(query, id) && query.name == id.name &&
         (!query.namespace_name || *query.namespace_name == id.namespace_name);
}

// One of the objects that `state` desires or follows.
struct Found {
  const KustomizationState& state;
  const ResourceId& id;
  const DesiredObject* desired = nullptr;  // what is applied
  const Resource* followed = nullptr;      // what is followed
};

// Calls `visit` for each object of the kind that is asked for.
void for_each_of_kind(const PassMemory& memory, const ObjectQuery& query,
                      const std::function<void(const Found&)>& visit) {
  for (const auto& [name, state] : memory.kustomizations) {
    if (!state.rendered) continue;
    const RenderedSet& rendered = *state.rendered;
    for (const DesiredObject& object : rendered.desired.objects()) {
      if (is_of_kind(query, object.id))
        visit({.state = state, .id = object.id, .desired = &object});
    }
    for (const Resource& object : rendered.contained) {
      if (is_of_kind(query, object.id)) {
        visit({.state = state, .id = object.id, .followed = &object});
      }
    }
    for (const ResourceId& id : rendered.not_served) {
      if (is_of_kind(query, id)) visit({.state = state, .id = id});
    }
  }
}

std::vector<std::string> containers_of(const PassMemory& memory, const KustomizationState& state) {
  std::vector<std::string> containers;
  std::optional<KustomizationName> next = state.container;
  while (next && containers.size() < containment_depth_max) {
    containers.push_back(to_string(*next));
    const auto container = memory.kustomizations.find(*next);
    next = container == memory.kustomizations.end() ? std::nullopt : container->second.container;
  }
  return containers;
}

// What a kustomization generates begins there, at its generator.
bool is_kustomization_file(std::string_view path) {
  constexpr std::array<std::string_view, 3> names{"kustomization.yaml", "kustomization.yml",
                                                  "Kustomization"};
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return std::ranges::find(names, name) != names.end();
}

// What stands for a HelmRelease begins where that does.
std::string release_of(const RenderedSet& rendered, const DesiredObject& object) {
  if (!rendered.of_releases.contains(object.id)) return {};
  for (const Resource& contained : rendered.contained) {
    const bool is_its_release =
        contained.id.kind == "HelmRelease" && contained.origin == object.origin;
    if (is_its_release) return to_string(contained.id);
  }
  return {};
}

void tell_origin(Explanation& told, const ResourceId& id, const std::string& version,
                 const Origin& origin) {
  told.api_version = to_string(ApiVersion{.group = id.group, .version = version});
  told.file = origin.path;
  told.line = origin.line;
  told.is_generated = is_kustomization_file(origin.path);
}

void tell_last_manager(Explanation& told, const LiveObject* live) {
  if (live == nullptr) return;
  told.last_manager = live->last_manager;
  told.last_manager_time = live->last_manager_time;
}

Explanation explanation_of(const Found& found, const ExplainParts& parts) {
  const KustomizationState& state = found.state;
  const KustomizationStatus status = status_of(state);
  Explanation told;
  told.object = to_string(found.id);
  told.revision = state.rendered->revision;
  told.kustomization = to_string(state.spec.name);
  told.containers = containers_of(parts.memory, state);
  told.source = status.source;
  told.path = status.path;
  if (status.readiness.ready == Ready::no) told.trouble = status.readiness.message;
  ObjectStanding standing{.state = ObjectState::not_served,
                          .detail = "nothing here acts upon its kind"};
  if (found.desired != nullptr) {
    tell_origin(told, found.id, found.desired->version, found.desired->origin);
    told.release = release_of(*state.rendered, *found.desired);
    tell_last_manager(told, parts.live == nullptr ? nullptr : parts.live->find(found.id));
    standing = standing_of(*found.desired, state, parts);
  } else if (found.followed != nullptr) {
    tell_origin(told, found.id, found.followed->version, found.followed->origin);
    standing = standing_of_followed(found.id, parts);
  }
  told.state = standing.state;
  told.detail = std::move(standing.detail);
  return told;
}

// Objects of the kind whose name is that of another namespace, or nearly the one that was given.
std::vector<std::string> near_to(const ObjectQuery& query, const PassMemory& memory) {
  constexpr std::size_t near_max = 5;
  std::set<std::string> near;
  const std::array<std::string_view, 1> wanted{query.name};
  for_each_of_kind(memory, query, [&](const Found& found) {
    const bool is_near = found.id.name.find(query.name) != std::string::npos ||
                         !nearest(found.id.name, std::span(wanted)).empty();
    if (is_near && near.size() < near_max) near.insert(to_string(found.id));
  });
  return {near.begin(), near.end()};
}

}  // namespace

Result<Explained> explain(const ObjectQuery& query, const ExplainParts& parts) {
  Explained explained;
  std::size_t count = 0;
  for_each_of_kind(parts.memory, query, [&](const Found& found) {
    if (!is_meant(query, found.id) || ++count > explanations_max) return;
    explained.objects.push_back(explanation_of(found, parts));
  });
  if (count > explanations_max) {
    return fail(ErrorKind::invalid,
                fmt::format("{} objects are called {}/{}, which is more than {}:"
                            " name the namespace",
                            count, query.kind, query.name, explanations_max));
  }
  if (explained.objects.empty()) explained.near = near_to(query, parts.memory);
  return explained;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "reconcile/health_checks.hpp"

#include "base/task_group.hpp"
#include "document/json.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/pod_health.hpp"
#include "reconcile/release_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t looks_in_flight = 4;

bool is_of_flux_group(const GroupKind& kind) { return kind.group.ends_with(".toolkit.fluxcd.io"); }

// Kinds of Kubernetes's own without a status that kstatus would look at.
bool is_healthy_at_once(const GroupKind& kind) {
  constexpr std::array<std::string_view, 6> core{"ConfigMap",  "Secret",        "ServiceAccount",
                                                 "LimitRange", "ResourceQuota", "Endpoints"};
  if (kind.group.empty()) return std::ranges::find(core, kind.kind) != core.end();
  return kind.group == "rbac.authorization.k8s.io" || kind.group == "scheduling.k8s.io" ||
         kind.group == "storage.k8s.io" || kind.group == "node.k8s.io";
}

ResourceId id_of(const HealthCheck& check) {
  const Result<ApiVersion> version = ApiVersion::parse(check.api_version);
  return {version ? version->group : std::string(), check.kind, check.namespace_name, check.name};
}

Health health_of_missing(const AwaitedObject& object) {
  const Result<Value> declared = read_json(object.body, to_string(object.id));
  const bool is_over = !object.body.empty() && declared && vanishes_when_finished(*declared);
  if (is_over) return {.status = HealthStatus::current};
  return {.status = HealthStatus::not_found, .message = "is not there"};
}

std::string version_word(const std::optional<Value>& object) {
  return object ? std::string(object->text_at("metadata", "resourceVersion")) : std::string();
}

// What several looks together have found.
struct Looks {
  FoundHealth found;
  Result<void> server;
};

Task<void> look(Cluster& cluster, AwaitedObject object, const HealthChecks& checks, WallTime now,
                Looks& looks) {
  if (!looks.server) co_return;
  Result<std::optional<Value>> found = co_await cluster.get(object.id, object.version);
  if (!found && !cluster.is_answering()) {
    looks.server = std::unexpected(std::move(found).error());
    co_return;
  }
  if (found) looks.found.versions.insert_or_assign(object.id, version_word(*found));
  Health health{.status = HealthStatus::unknown};
  if (!found) {
    health.message = found.error().message;
  } else if (!*found) {
    health = health_of_missing(object);
  } else {
    health = checks.health_of(**found, now);
    // As in Flux an expression takes the place of kstatus's rules, Pods and all.
    const bool needs_pods = depends_on_pods(object.id.group, object.id.kind) &&
                            !checks.covers(object.id.group, object.id.kind);
    if (needs_pods) {
      health = co_await read_health_with_pods(cluster, **found, std::move(health), now);
    }
  }
  if (health.status != HealthStatus::current) {
    looks.found.unhealthy.insert_or_assign(object.id, std::move(health));
  }
}

}  // namespace

std::vector<AwaitedObject> awaited_objects(const KustomizationState& state,
                                           const std::set<ResourceId>& left_alone) {
  std::vector<AwaitedObject> objects;
  if (!state.spec.is_waiting) {
    for (const HealthCheck& check : state.spec.health_checks) {
      ResourceId id = id_of(check);
      if (is_of_flux_group(id.group_kind())) continue;
      const Result<ApiVersion> version = ApiVersion::parse(check.api_version);
      objects.push_back({std::move(id), version ? version->version : std::string(), {}});
    }
    return objects;
  }
  for (const DesiredObject& object : state.rendered->desired.objects()) {
    if (left_alone.contains(object.id)) continue;
    const bool has_check = state.spec.health.covers(object.id.group, object.id.kind);
    if (!has_check && is_healthy_at_once(object.id.group_kind())) continue;
    const bool is_job = object.id.kind == "Job";
    objects.push_back({object.id, object.version, is_job ? object.body : std::string()});
  }
  return objects;
}

std::vector<ResourceId> awaited_flux_objects(const KustomizationState& state) {
  std::vector<ResourceId> ids;
  if (state.spec.is_waiting) {
    for (const Resource& object : state.rendered->contained) {
      ids.push_back(placed_release(object.id));
    }
  } else {
    for (const HealthCheck& check : state.spec.health_checks) {
      ResourceId id = id_of(check);
      if (is_of_flux_group(id.group_kind())) ids.push_back(std::move(id));
    }
  }
  // kustomize-controller's guard against waiting for itself (checkHealth).
  std::erase_if(ids, [&state](const ResourceId& id) {
    return is_kustomization(id) && state.spec.name == KustomizationName{id.namespace_name, id.name};
  });
  return ids;
}

bool is_asked_source(const ResourceId& id, const KustomizationStates& states) {
  if (id.group != "source.toolkit.fluxcd.io") return false;
  if (id.kind != "OCIRepository") return id.kind == "GitRepository";
  return std::ranges::any_of(
      states, [&id](const auto& entry) { return source_id(entry.second.spec.source) == id; });
}

std::set<SourceReference> awaited_sources(const KustomizationState& state,
                                          const KustomizationStates& states) {
  std::set<SourceReference> references;
  for (ResourceId& id : awaited_flux_objects(state)) {
    if (!is_asked_source(id, states)) continue;
    references.insert({std::move(id.kind), std::move(id.namespace_name), std::move(id.name)});
  }
  return references;
}

Task<Result<FoundHealth>> find_health(Cluster& cluster, std::vector<AwaitedObject> objects,
                                      const HealthChecks& checks, WallTime now) {
  Looks looks;
  TaskGroup group(looks_in_flight);
  for (AwaitedObject& object : objects) {
    group.add(look(cluster, std::move(object), checks, now, looks));
  }
  co_await group.wait();
  CO_CHECK(looks.server);
  co_return std::move(looks.found);
}

std::string describe_unhealthy(const std::map<ResourceId, Health>& unhealthy) {
  constexpr std::size_t shown_max = 5;
  std::string text;
  std::size_t shown = 0;
  for (const auto& [id, health] : unhealthy) {
    if (++shown > shown_max) break;
    text +=
        fmt::format("{}{}: {}", text.empty() ? "" : "; ", to_string(id), to_string(health.status));
    if (!health.message.empty()) text += fmt::format(": {}", health.message);
  }
  if (unhealthy.size() > shown_max) {
    text += fmt::format("; and {} more", unhealthy.size() - shown_max);
  }
  return text;
}

}  // namespace primocane

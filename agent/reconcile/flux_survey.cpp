// SPDX-License-Identifier: Apache-2.0
#include "reconcile/flux_survey.hpp"

#include "reconcile/graph.hpp"
#include "reconcile/observe.hpp"
#include "resource/well_known.hpp"

#include <array>
#include <functional>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> surveyed_kinds{
    {{"kustomize.toolkit.fluxcd.io", "Kustomization"},
     {"helm.toolkit.fluxcd.io", "HelmRelease"},
     {"source.toolkit.fluxcd.io", "GitRepository"},
     {"source.toolkit.fluxcd.io", "OCIRepository"},
     {"source.toolkit.fluxcd.io", "HelmRepository"}}};

MetadataQuery all_of(const GroupKind& kind, std::string_view selector) {
  return {.group_kind = kind,
          .namespace_name = {},
          .label_selector = std::string(selector),
          .name = {}};
}

ResourceId listed_id(const Value& object, const GroupKind& kind) {
  return {.group = kind.group,
          .kind = kind.kind,
          .namespace_name = std::string(object.text_at("metadata", "namespace")),
          .name = std::string(object.text_at("metadata", "name"))};
}

// No coroutines: GCC 12 lets lambdas in one capture little.
std::function<void(const Value&)> collect_ids(std::set<ResourceId>& found, const GroupKind& kind) {
  return [&found, &kind](const Value& object) { found.insert(listed_id(object, kind)); };
}

std::function<void(const Value&)> collect_programs(std::map<ResourceId, FluxProgram>& found,
                                                   const GroupKind& kind) {
  return [&found, &kind](const Value& object) {
    const std::optional<FluxProgram> program = flux_program_of(object);
    if (program) found.try_emplace(listed_id(object, kind), *program);
  };
}

std::function<void(const Value&)> collect_applied(std::map<ResourceId, Value>& found,
                                                  const std::set<ResourceId>& wanted,
                                                  const GroupKind& kind) {
  return [&found, &wanted, &kind](const Value& object) {
    ResourceId id = listed_id(object, kind);
    if (wanted.contains(id)) found.insert_or_assign(std::move(id), object);
  };
}

Task<Result<void>> survey_objects(Cluster& cluster, const KindCatalog& catalog,
                                  FluxSurvey& survey) {
  for (const auto& [group, kind_name] : surveyed_kinds) {
    const GroupKind kind{std::string(group), std::string(kind_name)};
    if (!catalog.contains(kind)) continue;
    std::set<ResourceId> ids;
    MetadataQuery query = all_of(kind, {});
    std::function<void(const Value&)> each = collect_ids(ids, kind);
    CO_CHECK(co_await cluster.list_metadata(std::move(query), std::move(each)));
    for (const ResourceId& id : ids) {
      CO_TRY(std::optional<Value> object, co_await cluster.get(id, std::string()));
      if (!object) continue;
      Origin origin;
      origin.path = "cluster";
      CO_TRY(Resource resource, Resource::make(std::move(*object), std::move(origin)));
      survey.objects.insert_or_assign(id, std::move(resource));
    }
  }
  co_return Result<void>();
}

Task<Result<void>> survey_deployments(Cluster& cluster, FluxSurvey& survey) {
  const GroupKind kind{"apps", "Deployment"};
  std::map<ResourceId, FluxProgram> found;
  for (const std::string_view selector : flux_program_selectors) {
    MetadataQuery query = all_of(kind, selector);
    std::function<void(const Value&)> each = collect_programs(found, kind);
    CO_CHECK(co_await cluster.list_metadata(std::move(query), std::move(each)));
  }
  for (const auto& [id, program] : found) {
    CO_TRY(std::optional<Value> object, co_await cluster.get(id, std::string()));
    if (!object) continue;
    FluxDeployment deployment{.program = program, .object = std::move(*object)};
    survey.deployments.insert_or_assign(id, std::move(deployment));
  }
  co_return Result<void>();
}

Task<Result<void>> survey_applied(Cluster& cluster, FluxSurvey& survey) {
  std::set<ResourceId> wanted;
  std::set<GroupKind> kinds;
  for (const auto& [id, resource] : survey.objects) {
    if (!is_kustomization(id)) continue;
    for (ResourceId& each : inventory_of(resource.object)) {
      kinds.insert(each.group_kind());
      wanted.insert(std::move(each));
    }
  }
  for (const GroupKind& kind : kinds) {
    // Flux lets go of what has lost its label, too.
    MetadataQuery query = all_of(kind, flux_name_label);
    std::function<void(const Value&)> each = collect_applied(survey.applied, wanted, kind);
    CO_CHECK(co_await cluster.list_metadata(std::move(query), std::move(each)));
  }
  co_return Result<void>();
}

}  // namespace

std::optional<ResourceId> read_inventory_id(std::string_view text) {
  const std::size_t name_at = text.find('_');
  const std::size_t kind_at = text.rfind('_');
  if (name_at == std::string_view::npos || kind_at <= name_at) return std::nullopt;
  const std::size_t group_at = text.rfind('_', kind_at - 1);
  if (group_at == std::string_view::npos || group_at <= name_at) return std::nullopt;
  ResourceId id{.group = std::string(text.substr(group_at + 1, kind_at - group_at - 1)),
                .kind = std::string(text.substr(kind_at + 1)),
                .namespace_name = std::string(text.substr(0, name_at)),
                .name = {}};
  const std::string_view name = text.substr(name_at + 1, group_at - name_at - 1);
  for (std::size_t at = 0; at < name.size(); ++at) {
    const bool is_colon = name.substr(at).starts_with("__");
    id.name += is_colon ? ':' : name[at];
    if (is_colon) ++at;
  }
  if (id.name.empty() || id.kind.empty()) return std::nullopt;
  return id;
}

std::vector<ResourceId> inventory_of(const Value& kustomization) {
  const Value* entries = kustomization.find("status", "inventory", "entries");
  if (entries == nullptr || entries->as_array() == nullptr) return {};
  std::vector<ResourceId> ids;
  for (const Value& entry : *entries->as_array()) {
    if (auto id = read_inventory_id(entry.text_at("id"))) ids.push_back(std::move(*id));
  }
  return ids;
}

Task<Result<FluxSurvey>> survey_flux(Cluster& cluster) {
  FluxSurvey survey;
  CO_TRY(const KindCatalog catalog, co_await look_up_kinds(cluster, std::set<GroupKind>()));
  const GroupKind kustomization{std::string(surveyed_kinds.front().first),
                                std::string(surveyed_kinds.front().second)};
  survey.is_installed = catalog.contains(kustomization);
  CO_CHECK(co_await survey_objects(cluster, catalog, survey));
  CO_CHECK(co_await survey_deployments(cluster, survey));
  CO_CHECK(co_await survey_applied(cluster, survey));
  co_return survey;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "reconcile/planned_cluster.hpp"

#include "document/json.hpp"

namespace primocane {

namespace {

// Versions that no server gives, one for each content.
Value planned_metadata(const DesiredObject& object) {
  const std::string version = "planned-" + to_string(object.hash);
  return Object{{"metadata", Object{{"name", object.id.name},
                                    {"namespace", object.id.namespace_name},
                                    {"uid", version},
                                    {"resourceVersion", version}}}};
}

}  // namespace

Task<Result<void>> PlannedCluster::list_metadata(MetadataQuery query,
                                                 std::function<void(const Value& object)> each) {
  const ResourceId id{query.group_kind.group, query.group_kind.kind, query.namespace_name,
                      query.name};
  const DesiredObject* object = planned(id);
  if (object != nullptr) {
    each(planned_metadata(*object));
    co_return Result<void>();
  }
  Result<void> listed = co_await cluster_.list_metadata(std::move(query), std::move(each));
  co_return listed;
}

Task<Result<std::optional<Value>>> PlannedCluster::get(ResourceId id, std::string version) {
  const DesiredObject* object = planned(id);
  if (object != nullptr) {
    CO_TRY(Value value, read_json(object->body, to_string(id)));
    co_return std::move(value);
  }
  Result<std::optional<Value>> live = co_await cluster_.get(std::move(id), std::move(version));
  co_return live;
}

const DesiredObject* PlannedCluster::planned(const ResourceId& id) const {
  const bool is_data = id.group.empty() && (id.kind == "ConfigMap" || id.kind == "Secret");
  if (!is_data || id.name.empty()) return nullptr;
  for (const auto& [name, state] : states_) {
    if (!state.rendered) continue;
    const DesiredObject* object = state.rendered->desired.find(id);
    if (object != nullptr) return object;
  }
  return nullptr;
}

}  // namespace primocane

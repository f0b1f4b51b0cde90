// SPDX-License-Identifier: Apache-2.0
#include "reconcile/parent_view.hpp"

#include "resource/applyset.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace primocane {

void add_parent(ClusterView& view, const Value& object) {
  const std::string id(object.text_at("metadata", "labels", applyset_id_label));
  std::optional<Parent> parent = read_parent(object);
  if (parent) {
    std::string version(object.text_at("metadata", "resourceVersion"));
    view.parents.insert_or_assign(
        id, LiveParent{.parent = std::move(*parent), .resource_version = std::move(version)});
    return;
  }
  view.foreign_parents.insert_or_assign(
      id, fmt::format("the ApplySet {} of {}", object.text_at("metadata", "name"),
                      object.text_at("metadata", "annotations", applyset_tooling_annotation)));
}

void forget_parent(ClusterView& view, const Value& object) {
  const std::string id(object.text_at("metadata", "labels", applyset_id_label));
  const std::string_view name = object.text_at("metadata", "name");
  view.foreign_parents.erase(id);
  // Somebody may have given it another id.
  std::erase_if(view.parents, [&](const auto& entry) {
    return entry.first == id || parent_name(entry.second.parent.kustomization) == name;
  });
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "render/namespace_transformer.hpp"

#include "render/default_field_specs.hpp"
#include "render/field_spec.hpp"
#include "render/unique_ids.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

Result<void> set_text(Value& field, const std::string& text) {
  if (field.is_object() || field.as_array() != nullptr) {
    return fail(ErrorKind::invalid,
                fmt::format("expected a namespace, not {}", to_string(field.kind())));
  }
  field = text;
  return {};
}

bool is_role_binding(const Resource& resource) {
  return resource.id.kind == "RoleBinding" || resource.id.kind == "ClusterRoleBinding";
}

// kustomize's default for setRoleBindingSubjects: only the service account that each namespace has.
Result<void> set_default_subjects(Resource& resource, const std::string& name) {
  Value* subjects = resource.object.as_object()->find("subjects");
  if (subjects == nullptr || subjects->is_null()) return {};
  if (!subjects->as_array()) return invalid_resource(resource, "subjects must be a list");
  for (Value& subject : *subjects->as_array()) {
    if (subject.text_at("name") == "default") subject.as_object()->set("namespace", name);
  }
  return {};
}

void set_own_namespace(Resource& resource, const std::string& name) {
  Object& metadata = *resource.object.as_object()->find("metadata")->as_object();
  metadata.set("namespace", name);
  resource.id.namespace_name = name;
}

Result<void> set_in(Resource& resource, const std::vector<FieldSpec>& specs,
                    const std::string& name) {
  if (!is_cluster_scoped(resource)) set_own_namespace(resource, name);
  if (is_role_binding(resource)) TRY(set_default_subjects(resource, name));
  for (const FieldSpec& spec : specs) {
    if (!is_selected(spec, resource.id, resource.version)) continue;
    // A kind called Namespace of another group keeps its name.
    const bool is_name = spec.path == "metadata/name";
    const bool is_core = resource.id.group.empty() && resource.version == "v1";
    if (is_name && !is_core) continue;
    TRY(visit_fields(resource, spec, MadeField::text,
                     [&](Value& field) { return set_text(field, name); }));
    if (is_name) resource.id.name = name;
  }
  return {};
}

}  // namespace

Result<void> set_namespace(std::vector<Draft>& drafts, const std::string& name) {
  const std::vector<FieldSpec> specs = namespace_specs();
  UniqueIds ids;
  for (Draft& draft : drafts) {
    store_previous_id(draft);
    TRY(set_in(draft.resource, specs, name));
    if (auto added = ids.add(draft.resource); !added) {
      return std::unexpected(
          with_context(fmt::format("by namespace \"{}\"", name), std::move(added).error()));
    }
  }
  return {};
}

}  // namespace primocane

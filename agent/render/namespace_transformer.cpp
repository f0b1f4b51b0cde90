// SPDX-License-Identifier: Apache-2.0
#include "render/namespace_transformer.hpp"

#include "render/unique_ids.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

constexpr std::string_view own_namespace = "metadata/namespace";

Result<void> set_text(Value& field, const NamespaceRule& rule) {
  if (field.is_object() || field.as_array() != nullptr) {
    return fail(ErrorKind::invalid,
                fmt::format("expected a namespace, not {}", to_string(field.kind())));
  }
  const bool is_set = !field.is_null() && field != Value("");
  if (rule.set == SetNamespace::unset_only && is_set) return {};
  field = rule.name;
  return {};
}

bool is_role_binding(const DraftId& id) {
  return id.kind.kind == "RoleBinding" || id.kind.kind == "ClusterRoleBinding";
}

bool is_meant(const Value& subject, BindingSubjects subjects) {
  switch (subjects) {
    case BindingSubjects::default_only:
      return subject.text_at("name") == "default";
    case BindingSubjects::service_accounts:
      return subject.text_at("kind") == "ServiceAccount";
    case BindingSubjects::none:
      return false;
  }
  return false;
}

Result<void> set_subjects(Draft& draft, const NamespaceRule& rule) {
  if (rule.subjects == BindingSubjects::none) return {};
  Value* subjects = draft.object.as_object()->find("subjects");
  if (subjects == nullptr || subjects->is_null()) return {};
  if (!subjects->as_array()) return invalid_draft(draft, "subjects must be a list");
  for (Value& subject : *subjects->as_array()) {
    if (is_meant(subject, rule.subjects)) {
      TRY(set_text((*subject.as_object())["namespace"], rule));
    }
  }
  return {};
}

Result<void> set_own_namespace(Draft& draft, const NamespaceRule& rule) {
  TRY(set_text(metadata_of(draft)["namespace"], rule));
  read_id(draft);
  return {};
}

// Fields that have rules of their own.
bool is_passed_over(const FieldSpec& spec, const Draft& draft) {
  if (spec.path == own_namespace) return true;
  // A kind called Namespace of another group keeps its name.
  const bool is_core = draft.id.kind.group.empty() && draft.id.kind.version == "v1";
  if (spec.path == "metadata/name" && !is_core) return true;
  const bool is_subject = (spec.kind == "RoleBinding" || spec.kind == "ClusterRoleBinding") &&
                          spec.path == "subjects/namespace";
  return is_subject && is_role_binding(draft.id);
}

// An object that a Helm chart was inflated to: Helm has given it its namespace.
bool is_of_helm(const Draft& draft) {
  const std::string* mark =
      metadata_text(draft, "annotations", "internal.config.kubernetes.io/helm-generated");
  return mark != nullptr && *mark == "true";
}

}  // namespace

Result<void> set_namespace_in(Draft& draft, const NamespaceRule& rule) {
  if (!is_cluster_scoped(draft)) TRY(set_own_namespace(draft, rule));
  if (is_role_binding(draft.id)) TRY(set_subjects(draft, rule));
  for (const FieldSpec& spec : rule.fields) {
    if (is_passed_over(spec, draft) || !is_selected(spec, draft.id.kind)) continue;
    TRY(visit_fields(draft, spec, MadeField::text,
                     [&](Value& field) { return set_text(field, rule); }));
    if (spec.path.starts_with("metadata/")) read_id(draft);
  }
  return {};
}

Result<void> set_namespace(std::vector<Draft>& drafts, const NamespaceRule& rule) {
  if (rule.name.empty()) return {};
  UniqueIds ids;
  for (Draft& draft : drafts) {
    if (!is_of_helm(draft)) {
      store_previous_id(draft);
      TRY(set_namespace_in(draft, rule));
    }
    if (auto added = ids.add(draft); !added) {
      return std::unexpected(
          with_context(fmt::format("by namespace \"{}\"", rule.name), std::move(added).error()));
    }
  }
  return {};
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "render/name_references.hpp"

#include "render/field_spec.hpp"
#include "render/referral_candidates.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>

namespace primocane {

namespace {

// Changes the references that one field of one draft holds.
class Fixer {
 public:
  Fixer(const ReferralCandidates& candidates, const Draft& referrer, const VersionedKind& target,
        const FieldSpec& field)
      : candidates_(candidates), referrer_(referrer), target_(target), field_(field) {}

  // A name, a mapping with one, or a list of either.
  Result<void> fix(Value& field) const {
    if (Array* items = field.as_array(); items != nullptr) {
      for (Value& item : *items) TRY(fix_one(item));
      return {};
    }
    return fix_one(field);
  }

 private:
  Result<void> fix_one(Value& field) const {
    if (field.is_object()) return fix_mapping(*field.as_object());
    if (field.as_array() != nullptr) {
      return fail(ErrorKind::invalid, "expected a name or a mapping with a name, not a list");
    }
    // Names are strings; what is not cannot be one's.
    if (!field.is_string()) return {};
    const Draft* target = TRY(candidates_.choose(use_of(*field.as_string()), SameEnough::names));
    if (target != nullptr) field = target->id.name;
    return {};
  }

  Result<void> fix_mapping(Object& members) const {
    const Value* name = members.find("name");
    if (name == nullptr) return fail(ErrorKind::invalid, "expected a mapping with a name");
    if (!name->is_string()) return {};
    NameInUse use = use_of(*name->as_string());
    const Value* space = members.find("namespace");
    if (space != nullptr) {
      use.namespace_name = space->is_string() ? std::string_view(*space->as_string()) : "";
    }
    const Draft* target = TRY(candidates_.choose(use, SameEnough::names_and_namespaces));
    if (target == nullptr) return {};
    members.set("name", target->id.name);
    // No namespace stands for any: it does not replace the one that is there.
    const std::string& target_namespace = target->id.namespace_name;
    if (!target_namespace.empty()) members.set("namespace", target_namespace);
    return {};
  }

  NameInUse use_of(std::string_view name) const {
    return {.referrer = referrer_, .target = target_, .path = field_.path, .name = name};
  }

  const ReferralCandidates& candidates_;
  const Draft& referrer_;
  const VersionedKind& target_;
  const FieldSpec& field_;
};

// A field of one kind, and the kind of object that it names.
struct NameField {
  const VersionedKind& target;
  const FieldSpec& field;
};

// The fields by the kind that has them ("" for all kinds), each kind's in their order.
using NameFields = std::map<std::string_view, std::vector<NameField>>;

NameFields fields_by_kind(const std::vector<NameBackReference>& references) {
  NameFields by_kind;
  for (const NameBackReference& reference : references) {
    for (const FieldSpec& field : reference.referrers) {
      by_kind[field.kind].push_back({.target = reference.target, .field = field});
    }
  }
  return by_kind;
}

// A service account is looked for in the namespace that a subject gives; an empty one is an
// oversight (resmap/reswrangler.go, getNamespacesForRoleBinding).
Result<void> check_subjects(const Draft& draft) {
  if (draft.id.kind.kind != "RoleBinding") return {};
  const Value* subjects = draft.object.find("subjects");
  if (subjects == nullptr || !subjects->as_array()) return {};
  for (const Value& subject : *subjects->as_array()) {
    const Value* space = subject.find("namespace");
    if (space == nullptr || space->is_string()) continue;
    if (subject.text_at("kind") != "ServiceAccount") continue;
    return invalid_draft(draft, fmt::format("the namespace of service account \"{}\" in "
                                            "subjects must be a string, not {}",
                                            subject.text_at("name"), to_string(space->kind())));
  }
  return {};
}

// kustomize follows the fields in the order of the table, whatever kind they are of.
Result<void> fix_in(Draft& draft, const NameFields& fields, const ReferralCandidates& candidates) {
  const DraftId written = original_id(draft);
  for (const std::string_view kind : {std::string_view(written.kind.kind), std::string_view()}) {
    const auto known = fields.find(kind);
    if (known == fields.end()) continue;
    for (const NameField& name : known->second) {
      if (!is_selected(name.field, written.kind)) continue;
      const Fixer fixer(candidates, draft, name.target, name.field);
      // Whatever `create` says, a name that is not there is not made.
      TRY(visit_fields(draft, name.field, MadeField::nothing,
                       [&](Value& field) { return fixer.fix(field); }));
    }
  }
  return {};
}

}  // namespace

Result<void> fix_name_references(std::vector<Draft>& drafts,
                                 const std::vector<NameBackReference>& references) {
  for (const Draft& draft : drafts) TRY(check_subjects(draft));
  const ReferralCandidates candidates(drafts);
  if (candidates.empty()) return {};
  const NameFields fields = fields_by_kind(references);
  for (Draft& draft : drafts) TRY(fix_in(draft, fields, candidates));
  return {};
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "render/name_references.hpp"

#include "render/field_spec.hpp"
#include "render/name_reference_table.hpp"
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
  Fixer(const ReferralCandidates& candidates, const Draft& referrer, const NameReference& reference)
      : candidates_(candidates), referrer_(referrer), reference_(reference) {}

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
    if (target != nullptr) field = target->resource.id.name;
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
    members.set("name", target->resource.id.name);
    // No namespace stands for any: it does not replace the one that is there.
    const std::string& target_namespace = target->resource.id.namespace_name;
    if (!target_namespace.empty()) members.set("namespace", target_namespace);
    return {};
  }

  NameInUse use_of(std::string_view name) const {
    return {.referrer = referrer_,
            .target = reference_.target,
            .path = reference_.referrer.path,
            .name = name};
  }

  const ReferralCandidates& candidates_;
  const Draft& referrer_;
  const NameReference& reference_;
};

// The references by the kind that holds them, each kind's in their order.
std::map<std::string, std::vector<NameReference>, std::less<>> references_by_kind() {
  std::map<std::string, std::vector<NameReference>, std::less<>> by_kind;
  for (NameReference& reference : name_references()) {
    std::string kind = reference.referrer.kind;
    by_kind[std::move(kind)].push_back(std::move(reference));
  }
  return by_kind;
}

// A service account is looked for in the namespace that a subject gives; an empty one is an
// oversight (resmap/reswrangler.go, getNamespacesForRoleBinding).
Result<void> check_subjects(const Resource& resource) {
  if (resource.id.kind != "RoleBinding") return {};
  const Value* subjects = resource.object.find("subjects");
  if (subjects == nullptr || !subjects->as_array()) return {};
  for (const Value& subject : *subjects->as_array()) {
    const Value* space = subject.find("namespace");
    if (space == nullptr || space->is_string()) continue;
    if (subject.text_at("kind") != "ServiceAccount") continue;
    return invalid_resource(resource,
                            fmt::format("the namespace of service account \"{}\" in "
                                        "subjects must be a string, not {}",
                                        subject.text_at("name"), to_string(space->kind())));
  }
  return {};
}

}  // namespace

Result<void> fix_name_references(std::vector<Draft>& drafts) {
  for (const Draft& draft : drafts) TRY(check_subjects(draft.resource));
  const ReferralCandidates candidates(drafts);
  if (candidates.empty()) return {};
  const auto by_kind = references_by_kind();
  for (Draft& draft : drafts) {
    const ResourceId written = original_id(draft);
    const auto references = by_kind.find(written.kind);
    if (references == by_kind.end()) continue;
    for (const NameReference& reference : references->second) {
      if (!is_selected(reference.referrer, written, draft.resource.version)) continue;
      const Fixer fixer(candidates, draft, reference);
      TRY(visit_fields(draft.resource, reference.referrer, MadeField::text,
                       [&](Value& field) { return fixer.fix(field); }));
    }
  }
  return {};
}

}  // namespace primocane

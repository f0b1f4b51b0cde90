// SPDX-License-Identifier: Apache-2.0
#include "render/object_fields.hpp"

#include "document/schema_reader.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

// Whether one of the draft's identities has the rule's name and a kind that `spec` speaks of.
bool is_meant(const Draft& draft, const ReplicaRule& rule, const FieldSpec& spec) {
  return any_id(
      draft, [&](const DraftId& id) { return id.name == rule.name && is_selected(spec, id.kind); });
}

}  // namespace

Result<void> set_images(std::vector<Draft>& drafts, const ImageRule& rule,
                        const std::vector<FieldSpec>& fields, const std::string& file) {
  const ImageUpdate update = TRY(ImageUpdate::make(rule, file));
  const FieldVisitor visit = [&](Value& field) { return update.update_field(field); };
  for (Draft& draft : drafts) {
    if (keeps_images(draft.object)) continue;
    if (auto updated = update.update_containers(draft.object); !updated) {
      return invalid_draft(draft, updated.error().message);
    }
    for (const FieldSpec& spec : fields) {
      if (is_selected(spec, draft.id.kind)) {
        TRY(visit_fields(draft, spec, MadeField::nothing, visit));
      }
    }
  }
  return {};
}

Result<void> set_replica_counts(std::vector<Draft>& drafts, const ReplicaRule& rule,
                                const std::vector<FieldSpec>& fields, const std::string& file) {
  const FieldVisitor visit = [&](Value& field) { return set_replicas(field, rule); };
  bool is_found = false;
  for (const FieldSpec& spec : fields) {
    for (Draft& draft : drafts) {
      if (!is_meant(draft, rule, spec)) continue;
      is_found = true;
      if (!is_selected(spec, draft.id.kind)) continue;
      TRY(visit_fields(draft, spec, MadeField::text, visit));
    }
  }
  if (is_found) return {};
  return fail(ErrorKind::invalid, fmt::format("{}no object that has replicas is called \"{}\"",
                                              at_line(file, rule.line), rule.name));
}

}  // namespace primocane

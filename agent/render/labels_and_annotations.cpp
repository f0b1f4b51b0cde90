// SPDX-License-Identifier: Apache-2.0
#include "render/labels_and_annotations.hpp"

#include "render/default_field_specs.hpp"
#include "render/field_spec.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

using Pairs = std::map<std::string, std::string>;

Result<void> set_pairs(Value& field, const Pairs& pairs) {
  if (!field.is_object()) {
    return fail(ErrorKind::invalid,
                fmt::format("expected a mapping, not {}", to_string(field.kind())));
  }
  for (const auto& [key, value] : pairs) field.as_object()->set(key, value);
  return {};
}

Result<void> set_pairs_in(std::vector<Draft>& drafts, const std::vector<FieldSpec>& specs,
                          const Pairs& pairs) {
  if (pairs.empty()) return {};
  const FieldVisitor visit = [&](Value& field) { return set_pairs(field, pairs); };
  for (Draft& draft : drafts) {
    for (const FieldSpec& spec : specs) {
      if (!is_selected(spec, draft.resource.id, draft.resource.version)) continue;
      TRY(visit_fields(draft.resource, spec, MadeField::mapping, visit));
    }
  }
  return {};
}

std::vector<FieldSpec> default_label_specs(const LabelRule& rule) {
  if (rule.include_selectors) return selector_label_specs();
  return rule.include_templates ? template_label_specs() : metadata_label_specs();
}

}  // namespace

Result<void> add_labels(std::vector<Draft>& drafts, const LabelRule& rule) {
  return set_pairs_in(drafts, TRY(merge_specs(rule.fields, default_label_specs(rule))), rule.pairs);
}

Result<void> add_annotations(std::vector<Draft>& drafts, const Pairs& annotations) {
  return set_pairs_in(drafts, common_annotation_specs(), annotations);
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "render/name_affixes.hpp"

#include "document/written_scalar.hpp"

#include <string>
#include <utility>

namespace primocane {

namespace {

enum class Place : std::uint8_t { before, behind };

// By the kind it was written with, as kustomize looks at the original identity.
bool keeps_name(const DraftId& id) {
  return id.kind.kind == "CustomResourceDefinition" || id.kind.kind == "Namespace" ||
         (id.kind.kind == "APIService" && id.kind.group == "apiregistration.k8s.io");
}

Result<void> add_to_field(Value& field, const std::string& affix, Place place) {
  if (field.is_object() || field.as_array() != nullptr) {
    return fail(ErrorKind::invalid, "expected a text");
  }
  const std::string text = text_as_written(field);
  field = place == Place::before ? affix + text : text + affix;
  return {};
}

Result<void> add_affix(std::vector<Draft>& drafts, const std::string& affix, Place place,
                       const std::vector<FieldSpec>& specs) {
  for (Draft& draft : drafts) {
    const DraftId original = original_id(draft);
    if (keeps_name(original)) continue;
    for (const FieldSpec& spec : specs) {
      if (!is_selected(spec, original.kind)) continue;
      const bool is_name = spec.path == "metadata/name";
      if (is_name && !affix.empty()) {
        (place == Place::before ? draft.prefixes : draft.suffixes).push_back(affix);
        store_previous_id(draft);
      }
      if (!is_selected(spec, draft.id.kind)) continue;
      TRY(visit_fields(draft, spec, MadeField::text,
                       [&](Value& field) { return add_to_field(field, affix, place); }));
      if (is_name) read_id(draft);
    }
  }
  return {};
}

}  // namespace

Result<void> add_name_prefix(std::vector<Draft>& drafts, const std::string& prefix,
                             const std::vector<FieldSpec>& specs) {
  return add_affix(drafts, prefix, Place::before, specs);
}

Result<void> add_name_suffix(std::vector<Draft>& drafts, const std::string& suffix,
                             const std::vector<FieldSpec>& specs) {
  return add_affix(drafts, suffix, Place::behind, specs);
}

}  // namespace primocane

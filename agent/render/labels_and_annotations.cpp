// SPDX-License-Identifier: Apache-2.0
#include "render/labels_and_annotations.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

Result<void> set_in_field(Value& field, const TextPairs& pairs) {
  if (!field.is_object()) {
    return fail(ErrorKind::invalid,
                fmt::format("expected a mapping, not {}", to_string(field.kind())));
  }
  for (const auto& [key, value] : pairs) field.as_object()->set(key, value);
  return {};
}

}  // namespace

Result<void> set_pairs(std::vector<Draft>& drafts, const TextPairs& pairs,
                       const std::vector<FieldSpec>& fields) {
  if (pairs.empty()) return {};
  const FieldVisitor visit = [&](Value& field) { return set_in_field(field, pairs); };
  for (Draft& draft : drafts) {
    for (const FieldSpec& spec : fields) {
      if (is_selected(spec, draft.id.kind)) {
        TRY(visit_fields(draft, spec, MadeField::mapping, visit));
      }
    }
  }
  return {};
}

}  // namespace primocane

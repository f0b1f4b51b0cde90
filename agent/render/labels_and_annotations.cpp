// SPDX-License-Identifier: Apache-2.0
#include "render/labels_and_annotations.hpp"

#include "render/shared_texts.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

// The new text is written in the style of the old one (kyaml/yaml/fns.go, FieldSetter).
void set_text(Value& value, const std::string& text) {
  const bool was_quoted = value.spelling().is_quoted;
  value = text;
  value.set_spelling({.is_quoted = was_quoted});
}

// Sets pairs in one draft, and tells where each was made and where it was there.
class PairSetter {
 public:
  PairSetter(Draft& draft, const TextPairs& pairs) : draft_(draft), pairs_(pairs) {}

  Result<void> set_in(const FieldSpec& spec) {
    return visit_fields(draft_, spec, MadeField::mapping,
                        [&](Value& field) { return set_in_field(field, spec.path); });
  }

  Result<void> share() {
    for (auto& [key, text] : pairs_) {
      TRY(share_text(draft_, key, text, std::move(made_[key]), changed_[key]));
    }
    return {};
  }

 private:
  using Paths = std::map<std::string_view, std::vector<std::string>>;

  Result<void> set_in_field(Value& field, const std::string& path) {
    if (field.is_null()) return {};
    if (!field.is_object()) {
      return fail(ErrorKind::invalid,
                  fmt::format("expected a mapping, not {}", to_string(field.kind())));
    }
    for (const auto& [key, text] : pairs_) {
      (field.find(key) == nullptr ? made_ : changed_)[key].push_back(path);
      set_text((*field.as_object())[key], text);
    }
    return {};
  }

  Draft& draft_;
  const TextPairs& pairs_;
  Paths made_;
  Paths changed_;
};

}  // namespace

Result<void> set_pairs(std::vector<Draft>& drafts, const TextPairs& pairs,
                       const std::vector<FieldSpec>& fields) {
  if (pairs.empty()) return {};
  for (Draft& draft : drafts) {
    PairSetter setter(draft, pairs);
    for (const FieldSpec& spec : fields) {
      if (is_selected(spec, draft.id.kind)) TRY(setter.set_in(spec));
    }
    TRY(setter.share());
  }
  return {};
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "render/shared_texts.hpp"

#include "render/field_spec.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

FieldSpec at(const std::string& path) {
  return {.group = {}, .version = {}, .kind = {}, .path = path};
}

bool has_any(const std::vector<std::string>& paths, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(wanted, [&](const std::string& path) {
    return std::ranges::find(paths, path) != paths.end();
  });
}

// Gives the text to all fields that still have the old one.
Result<void> spread(Draft& draft, SharedText& shared, const std::string& text) {
  const Value old(shared.text);
  for (const std::string& path : shared.fields) {
    TRY(visit_fields(draft, at(path), MadeField::nothing, [&](Value& field) -> Result<void> {
      Object* const members = field.as_object();
      Value* const value = members == nullptr ? nullptr : members->find(shared.key);
      if (value != nullptr && *value == old) *value = text;
      return {};
    }));
  }
  shared.text = text;
  return {};
}

// The last text in one of the fields that is another now, or nothing.
Result<std::optional<std::string>> changed_text(Draft& draft, const SharedText& shared) {
  std::optional<std::string> changed;
  for (const std::string& path : shared.fields) {
    TRY(visit_fields(draft, at(path), MadeField::nothing, [&](Value& field) -> Result<void> {
      const Value* value = field.find(shared.key);
      if (value != nullptr && value->is_string() && *value != Value(shared.text)) {
        changed = *value->as_string();
      }
      return {};
    }));
  }
  return changed;
}

}  // namespace

Result<void> share_text(Draft& draft, const std::string& key, const std::string& text,
                        std::vector<std::string> made, const std::vector<std::string>& changed) {
  for (SharedText& shared : draft.shared_texts) {
    if (shared.key != key) continue;
    // What was made anew had gone before, and with it what it shared.
    std::erase_if(shared.fields, [&](const std::string& path) {
      return std::ranges::find(made, path) != made.end();
    });
    if (has_any(shared.fields, changed)) TRY(spread(draft, shared, text));
  }
  if (made.size() > 1) {
    draft.shared_texts.push_back({.key = key, .text = text, .fields = std::move(made)});
  }
  return {};
}

Result<void> follow_shared_texts(Draft& draft) {
  for (SharedText& shared : draft.shared_texts) {
    if (const auto text = TRY(changed_text(draft, shared))) TRY(spread(draft, shared, *text));
  }
  return {};
}

}  // namespace primocane

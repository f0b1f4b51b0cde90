// SPDX-License-Identifier: Apache-2.0
#include "render/patched_object.hpp"

#include "document/go_number.hpp"
#include "document/yaml_scalar_style.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

namespace {

Object* metadata_of(Value& object) {
  Object* members = object.as_object();
  Value* metadata = members == nullptr ? nullptr : members->find("metadata");
  return metadata == nullptr ? nullptr : metadata->as_object();
}

void make_annotations(Value& object) {
  Object* metadata = metadata_of(object);
  if (metadata == nullptr) return;
  Value& annotations = (*metadata)["annotations"];
  if (!annotations.is_object()) annotations = Object();
}

bool needs_quotes(const Value& value) {
  const std::string* text = value.as_string();
  if (text == nullptr) return false;
  const ScalarStyle style = style_of(*text, ScalarRole::value);
  return style == ScalarStyle::single_quoted || style == ScalarStyle::double_quoted;
}

Result<void> round_number(Number& number) {
  // Integers of so many digits are the same as doubles.
  constexpr std::size_t exact_digits = 15;
  const bool is_integer = number.text.find_first_of(".eE") == std::string::npos;
  if (is_integer && number.text.size() <= exact_digits) return {};
  const std::optional<double> value = go_float(number.text);
  if (!value) {
    return fail(ErrorKind::invalid,
                fmt::format("the number {} is too big", number.text.substr(0, 100)));
  }
  number.text = go_json_float(*value);
  return {};
}

// kustomize makes JSON of the object, and of the patched JSON YAML: numbers are doubles then, and
// quotes are only where they must be.
Result<void> take_through_json(Value& value) {
  value.set_spelling({.is_quoted = needs_quotes(value)});
  if (Array* items = value.as_array()) {
    for (Value& item : *items) TRY(take_through_json(item));
  } else if (Object* members = value.as_object()) {
    for (auto& [key, member] : *members) TRY(take_through_json(member));
  } else if (const Number* number = value.as_number()) {
    Number rounded = *number;
    TRY(round_number(rounded));
    if (rounded != *number) value = std::move(rounded);
  }
  return {};
}

// The text of a scalar of the YAML that kustomize makes of the patched JSON.
std::string yaml_text_of(const Value& value) {
  if (value.is_null()) return "null";
  if (const bool* boolean = value.as_bool()) return *boolean ? "true" : "false";
  if (const std::string* text = value.as_string()) return *text;
  const Number* number = value.as_number();
  if (number == nullptr) return "";
  const bool is_integer = number->text.find_first_of(".eE") == std::string::npos;
  // The point makes it a double, which is what it is to kustomize.
  return go_yaml_number(is_integer ? number->text + ".0" : number->text);
}

Result<void> settle_annotations(Value& object, std::string_view name) {
  Object& members = *object.as_object();
  if (!members.contains("metadata")) members.append("metadata", Object());
  Value& metadata = members["metadata"];
  if (metadata.is_null()) return {};
  if (!metadata.is_object()) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: the patch makes metadata {}", name, to_string(metadata.kind())));
  }
  Value* annotations = metadata.as_object()->find("annotations");
  if (annotations == nullptr) return {};
  Object* pairs = annotations->as_object();
  if (pairs == nullptr || pairs->empty()) {
    metadata.as_object()->erase("annotations");
    return {};
  }
  if (pairs->contains("")) {
    return fail(ErrorKind::invalid, fmt::format("{}: the key of an annotation is empty", name));
  }
  for (auto& [key, value] : *pairs) {
    if (!value.is_string()) value = yaml_text_of(value);
  }
  return {};
}

}  // namespace

Result<void> patch_object(Value& object, const JsonPatch& patch, HiddenAnnotations hidden,
                          const DocumentLimits& limits) {
  if (patch.operations.empty()) return {};
  if (hidden == HiddenAnnotations::present) make_annotations(object);
  TRY(apply_json_patch(object, patch, limits));
  if (!object.is_object()) {
    return fail(ErrorKind::invalid, fmt::format("{}: the patch makes {} of the object", patch.name,
                                                to_string(object.kind())));
  }
  if (auto rounded = take_through_json(object); !rounded) {
    return std::unexpected(with_context(patch.name, rounded.error()));
  }
  return settle_annotations(object, patch.name);
}

}  // namespace primocane

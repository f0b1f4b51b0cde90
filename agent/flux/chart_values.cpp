// SPDX-License-Identifier: Apache-2.0
#include "flux/chart_values.hpp"

#include "base/base64.hpp"
#include "document/utf8.hpp"
#include "document/yaml_reader.hpp"
#include "flux/set_line.hpp"
#include "flux/shared_value.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

std::string place_of_values(const ValuesReference& reference) {
  return fmt::format("valuesFrom {} {}, key {}", reference.kind, reference.name, reference.key);
}

bool holds_secrets(const ValuesReference& reference) { return reference.kind == "Secret"; }

// chartutil.MergeMaps: a new mapping, which shares what only one of the two has.
SharedValue merge_maps(const SharedValue::Mapping& lower, const SharedValue::Mapping& upper) {
  SharedValue merged = SharedValue::empty_mapping();
  SharedValue::Mapping& members = *merged.mapping();
  members = lower;
  for (const auto& [key, value] : upper) {
    SharedValue& member = members[key];
    const bool are_mappings = value.mapping() != nullptr && member.mapping() != nullptr;
    member = are_mappings ? merge_maps(*member.mapping(), *value.mapping()) : value;
  }
  return merged;
}

// common.ReadValues: the first document alone.
Result<SharedValue> read_values(const ReferencedValues& source) {
  const std::string place = place_of_values(source.reference);
  Result<std::vector<Document>> documents = read_yaml(source.text, place, {}, GoYaml::v2);
  if (!documents) {
    if (!holds_secrets(source.reference)) return std::unexpected(std::move(documents).error());
    return fail(ErrorKind::invalid, fmt::format("{} is not YAML", place));
  }
  if (documents->empty()) return SharedValue::empty_mapping();
  const Value& values = documents->front().value;
  if (values.is_object()) return SharedValue(values);
  return fail(ErrorKind::invalid, fmt::format("{} must be a mapping, not {}; with a single value "
                                              "give valuesFrom a targetPath",
                                              place, to_string(values.kind())));
}

// What strvals takes for more than text.
std::string escaped_for_line(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    if (std::string_view("\\,[]{}").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

bool is_wrapped_in(std::string_view text, char quote) {
  return text.starts_with(quote) && text.ends_with(quote);
}

std::string_view without_quotes(std::string_view text) {
  constexpr std::string_view quotes = "'\"";
  const std::size_t begin = text.find_first_not_of(quotes);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(quotes) + 1 - begin);
}

// chartutil.ReplacePathValue and ReplacePathLiteralValue.
Result<void> set_at_path(SharedValue::Mapping& values, const ReferencedValues& source) {
  const ValuesReference& reference = source.reference;
  std::string_view text = source.text;
  SetValues kind = SetValues::typed;
  std::string line = reference.target_path + "=";
  if (reference.is_literal) {
    kind = SetValues::strings;
    line += escaped_for_line(text);
  } else {
    if (is_wrapped_in(text, '\'') || is_wrapped_in(text, '"')) {
      kind = SetValues::strings;
      text = without_quotes(text);
    }
    line += text;
  }
  Result<void> set = set_by_line(values, line, kind);
  if (set) return set;
  return fail(ErrorKind::invalid,
              fmt::format("{} can't be set at targetPath {}: \"targetPath=value\" is read as Helm "
                          "reads --set, and holds {}; quote the value, or set literal: true",
                          place_of_values(reference), reference.target_path, set.error().message));
}

Result<std::string> decoded(const ValuesReference& reference, const std::string& base64) {
  Result<std::string> bytes = from_base64(base64);
  if (bytes) return bytes;
  return fail(ErrorKind::invalid, fmt::format("{} is not base64", place_of_values(reference)));
}

}  // namespace

Result<std::optional<std::string>> referenced_text(const ValuesReference& reference,
                                                   const Value* object) {
  const Value* found =
      object == nullptr ? nullptr : object->find("data", std::string_view(reference.key));
  if (found == nullptr || found->as_string() == nullptr) {
    if (reference.is_optional) return std::nullopt;
    return fail(ErrorKind::unavailable,
                fmt::format("{} is not in the cluster", place_of_values(reference)));
  }
  std::string text = *found->as_string();
  if (holds_secrets(reference)) text = TRY(decoded(reference, text));
  if (is_utf8(text)) return text;
  return fail(ErrorKind::invalid, fmt::format("{} is not text", place_of_values(reference)));
}

Result<Value> merged_chart_values(const Value& values,
                                  std::span<const ReferencedValues> references) {
  const SharedValue inline_values =
      values.is_object() ? SharedValue(values) : SharedValue::empty_mapping();
  SharedValue result = SharedValue::empty_mapping();
  for (const ReferencedValues& source : references) {
    if (source.reference.target_path.empty()) {
      const SharedValue more = TRY(read_values(source));
      result = merge_maps(*result.mapping(), *more.mapping());
      continue;
    }
    result = merge_maps(*result.mapping(), *inline_values.mapping());
    TRY(set_at_path(*result.mapping(), source));
  }
  return merge_maps(*result.mapping(), *inline_values.mapping()).to_value();
}

}  // namespace primocane

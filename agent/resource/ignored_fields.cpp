// SPDX-License-Identifier: Apache-2.0
#include "resource/ignored_fields.hpp"

#include "document/json.hpp"
#include "resource/field_ownership.hpp"
#include "resource/object_fields.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t rules_max = 1000;
constexpr std::size_t paths_max = 1000;

std::unexpected<Error> wrong_field(std::string_view field, std::string_view expected) {
  return fail(ErrorKind::invalid, fmt::format("{} must be {}", field, expected));
}

Result<std::string> read_text_field(const Value& target, std::string_view key) {
  const Value* value = target.find(key);
  if (value == nullptr || value->is_null()) return std::string();
  if (value->as_string() == nullptr) {
    return wrong_field(fmt::format("target.{}", key), "a string");
  }
  return *value->as_string();
}

Result<TextPattern> read_pattern(const Value& target, std::string_view key) {
  auto pattern = TextPattern::make(TRY(read_text_field(target, key)));
  if (pattern) return std::move(*pattern);
  return std::unexpected(with_context(fmt::format("target.{}", key), std::move(pattern).error()));
}

Result<std::optional<LabelSelector>> read_marks(const Value& target, std::string_view key) {
  const std::string text = TRY(read_text_field(target, key));
  if (text.empty()) return std::nullopt;
  auto selector = parse_label_selector(text);
  if (selector) return std::move(*selector);
  return std::unexpected(with_context(fmt::format("target.{}", key), std::move(selector).error()));
}

// The whole object can't be ignored: what is left of it to apply?
Result<JsonPointer> read_path(const Value& value, std::size_t index) {
  const std::string field = fmt::format("paths[{}]", index);
  if (value.as_string() == nullptr || value.as_string()->empty()) {
    return wrong_field(field, "a JSON pointer like /spec/replicas");
  }
  auto path = JsonPointer::parse(*value.as_string());
  if (path) return std::move(*path);
  return std::unexpected(with_context(field, std::move(path).error()));
}

Value* child_of(Value& parent, const std::string& token) {
  if (Object* members = parent.as_object()) return members->find(token);
  Array* list = parent.as_array();
  const auto index = list == nullptr ? std::nullopt : list_index(token, *list);
  return index ? &(*list)[*index] : nullptr;
}

Value* find_field(Value& document, std::span<const std::string> tokens) {
  Value* found = &document;
  for (const std::string& token : tokens) {
    found = child_of(*found, token);
    if (found == nullptr) return nullptr;
  }
  return found;
}

void remove_field(Value& document, const JsonPointer& path) {
  const std::span<const std::string> tokens = path.tokens();
  Value* parent = find_field(document, tokens.first(tokens.size() - 1));
  if (parent == nullptr) return;
  if (Object* members = parent->as_object()) {
    members->erase(tokens.back());
    return;
  }
  Array* list = parent->as_array();
  const auto index = list == nullptr ? std::nullopt : list_index(tokens.back(), *list);
  if (index) list->erase(list->begin() + static_cast<std::ptrdiff_t>(*index));
}

// What a comparison looks at: all but the status, and of the metadata labels and annotations.
Value compared_part(const Value& object, std::span<const JsonPointer> paths) {
  Value part = object;
  for (const JsonPointer& path : paths) remove_field(part, path);
  Object* members = part.as_object();
  if (members == nullptr) return part;
  Object metadata;
  for (const char* key : {"labels", "annotations"}) {
    const Value* marks = part.find("metadata", key);
    const bool is_empty = marks == nullptr || marks->is_null() ||
                          (marks->as_object() != nullptr && marks->as_object()->empty());
    if (!is_empty) metadata.set(key, *marks);
  }
  members->set("metadata", std::move(metadata));
  members->erase("status");
  return part;
}

}  // namespace

Result<void> IgnoreRules::read_target(const Value& target, Rule& rule) {
  if (!target.is_object()) return wrong_field("target", "a mapping");
  rule.group = TRY(read_pattern(target, "group"));
  rule.version = TRY(read_pattern(target, "version"));
  rule.kind = TRY(read_pattern(target, "kind"));
  rule.name = TRY(read_pattern(target, "name"));
  rule.namespace_name = TRY(read_pattern(target, "namespace"));
  rule.labels = TRY(read_marks(target, "labelSelector"));
  rule.annotations = TRY(read_marks(target, "annotationSelector"));
  return {};
}

Result<IgnoreRules::Rule> IgnoreRules::read_rule(const Value& value) {
  const Value* paths = value.find("paths");
  const bool is_list = paths != nullptr && paths->as_array() != nullptr &&
                       !paths->as_array()->empty() && paths->as_array()->size() <= paths_max;
  if (!is_list) return wrong_field("paths", fmt::format("a list of 1 to {} paths", paths_max));
  Rule rule;
  for (std::size_t index = 0; index < paths->as_array()->size(); ++index) {
    rule.paths.push_back(TRY(read_path((*paths->as_array())[index], index)));
  }
  const Value* target = value.find("target");
  if (target != nullptr && !target->is_null()) TRY(read_target(*target, rule));
  return rule;
}

Result<IgnoreRules> IgnoreRules::read(const Value* rules) {
  IgnoreRules result;
  if (rules == nullptr || rules->is_null()) return result;
  const Array* list = rules->as_array();
  if (list == nullptr || list->size() > rules_max) {
    return wrong_field("ignore", fmt::format("a list of at most {} rules", rules_max));
  }
  for (std::size_t index = 0; index < list->size(); ++index) {
    auto rule = read_rule((*list)[index]);
    if (!rule) {
      Error error = std::move(rule).error();
      error.message = fmt::format("ignore[{}].{}", index, error.message);
      return std::unexpected(std::move(error));
    }
    result.rules_.push_back(std::move(*rule));
  }
  return result;
}

bool IgnoreRules::is_target(const Rule& rule, const Value& object) {
  const std::string_view api_version = object.text_at("apiVersion");
  const std::string_view group = group_of(api_version);
  const std::string_view version =
      group.empty() ? api_version : api_version.substr(group.size() + 1);
  return rule.group.matches(group) && rule.version.matches(version) &&
         rule.kind.matches(object.text_at("kind")) &&
         rule.name.matches(object.text_at("metadata", "name")) &&
         rule.namespace_name.matches(object.text_at("metadata", "namespace")) &&
         (!rule.labels || matches_labels(*rule.labels, object.find("metadata", "labels"))) &&
         (!rule.annotations ||
          matches_labels(*rule.annotations, object.find("metadata", "annotations")));
}

std::vector<JsonPointer> IgnoreRules::paths_for(const Value& object) const {
  std::vector<JsonPointer> paths;
  for (const Rule& rule : rules_) {
    if (!is_target(rule, object)) continue;
    paths.insert(paths.end(), rule.paths.begin(), rule.paths.end());
  }
  return paths;
}

Value with_live_fields(Value desired, const Value& live, std::span<const JsonPointer> paths,
                       std::string_view manager) {
  std::vector<const JsonPointer*> left_out;
  for (const JsonPointer& path : paths) {
    Value* field = find_field(desired, path.tokens());
    const Value* live_field = path.find_in(live);
    if (field == nullptr || (live_field != nullptr && *field == *live_field)) continue;
    if (live_field == nullptr || is_applied_by_other(live, path, manager)) {
      left_out.push_back(&path);
    } else {
      *field = *live_field;
    }
  }
  // Afterwards and from behind, because what is left out of a list moves those behind it.
  for (const JsonPointer* path : std::views::reverse(left_out)) remove_field(desired, *path);
  return desired;
}

Result<std::string> body_around(const DesiredObject& desired, const Value& live) {
  Value body = TRY(read_json(desired.body, to_string(desired.id)));
  return write_json(with_live_fields(std::move(body), live, desired.ignored, field_manager));
}

bool has_drifted_beyond(const Value& live, const Value& merged,
                        std::span<const JsonPointer> paths) {
  return compared_part(live, paths) != compared_part(merged, paths);
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "render/value_add.hpp"

#include "base/trimmed.hpp"
#include "document/plain_scalar.hpp"
#include "document/yaml_reader.hpp"
#include "render/field_spec.hpp"
#include "render/go_path.hpp"
#include "render/namespace_transformer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// The steps of a path, without blank ones (kyaml, cleanPath).
std::vector<std::string> written_steps(std::string_view path) {
  std::vector<std::string> steps;
  for (const std::string& step : split_path(path)) {
    if (!trimmed(step).empty()) steps.emplace_back(trimmed(step));
  }
  return steps;
}

std::optional<std::int64_t> index_of(std::string_view step) {
  if (step.starts_with('+') && !step.starts_with("+-")) step.remove_prefix(1);
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc() || end != step.data() + step.size()) return std::nullopt;
  return index;
}

bool is_match(std::string_view step) { return step.starts_with('[') && step.ends_with(']'); }

// The item of a list that a step like "[name=web]" or "[=-v]" names; made if there is none.
Result<Value*> matching_item(Array& items, std::string_view step) {
  if (step.ends_with(']')) step.remove_suffix(1);
  if (step.starts_with('[')) step.remove_prefix(1);
  const std::size_t sign = step.find('=');
  if (sign == std::string_view::npos) {
    return fail(ErrorKind::invalid, fmt::format("\"[{}]\" must be [field=value]", step));
  }
  const std::string_view key = step.substr(0, sign);
  const std::string_view text = step.substr(sign + 1);
  for (Value& item : items) {
    const Value* field = key.empty() ? &item : item.find(key);
    const bool is_same = field != nullptr && !field->is_null() && field->scalar_text() == text;
    if (is_same && (key.empty() || !field->is_object())) return &item;
  }
  Value scalar = TRY(plain_scalar(text));
  items.push_back(key.empty() ? std::move(scalar)
                              : Value(Object{{std::string(key), std::move(scalar)}}));
  return &items.back();
}

// An item by its number, "-" for the last; null if there is none.
Result<Value*> item_at(Value& value, std::int64_t index) {
  Array* items = value.as_array();
  if (items == nullptr && !value.is_null()) {
    return fail(ErrorKind::invalid,
                fmt::format("expected a list, not {}", to_string(value.kind())));
  }
  if (items == nullptr || items->empty()) return nullptr;
  if (index < 0) return &items->back();
  const auto position = static_cast<std::uint64_t>(index);
  return position < items->size() ? &(*items)[position] : nullptr;
}

// What a step that is missing becomes, by the step behind it.
Value made_for(std::string_view next) {
  if (next.empty()) return "";
  const auto index = index_of(next);
  if (is_match(next) || (index && *index >= 0)) return Array();
  return Object();
}

Result<Value*> member(Value& value, std::string_view key, std::string_view next) {
  if (value.is_null()) return nullptr;
  Object* members = value.as_object();
  if (members == nullptr) {
    return fail(ErrorKind::invalid, fmt::format("expected a mapping that holds \"{}\", not {}", key,
                                                to_string(value.kind())));
  }
  Value* found = members->find(key);
  if (found != nullptr) return found;
  return &((*members)[key] = made_for(next));
}

Result<Value*> follow(Value& value, std::string_view step, std::string_view next) {
  if (const auto index = index_of(step)) {
    if (*index < 0) {
      return fail(ErrorKind::invalid, fmt::format("an item's number can't be {}", *index));
    }
    return item_at(value, *index);
  }
  if (step == "-") return item_at(value, -1);
  if (step == "*") return fail(ErrorKind::invalid, "\"*\" is not supported");
  if (!is_match(step)) return member(value, step, next);
  if (value.is_null()) value = Array();
  if (value.as_array() == nullptr) {
    return fail(ErrorKind::invalid,
                fmt::format("expected a list, not {}", to_string(value.kind())));
  }
  return matching_item(*value.as_array(), step);
}

// Annotations are made strings at the end of each build.
bool is_annotation(std::span<const std::string> steps) {
  return steps.size() == 3 && steps[0] == "metadata" && steps[1] == "annotations";
}

// kustomize writes the value in the style that the field has. A new or plain field makes a number
// of what looks like one; a string that only quotes could keep from being one was in quotes.
Result<void> write(Value& field, std::span<const std::string> steps, const ValueTarget& target,
                   const std::string& value) {
  if (field.is_object() || field.as_array() != nullptr) {
    return fail(ErrorKind::invalid,
                fmt::format("expected a string, not {}", to_string(field.kind())));
  }
  const std::string text =
      target.path_position == 0
          ? value
          : insert_path_part(field.scalar_text(),
                             static_cast<std::uint64_t>(target.path_position - 1), value);
  const std::string* old = field.as_string();
  const bool is_quoted = old != nullptr && !old->empty() && !is_string_when_plain(*old);
  field = is_quoted || is_annotation(steps) ? Value(text) : TRY(plain_scalar(text));
  return {};
}

Result<void> add_at_path(Value& object, const ValueTarget& target, const std::string& value) {
  const std::vector<std::string> steps = written_steps(target.field_path);
  Value* field = &object;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    const bool is_last = index + 1 == steps.size();
    field = TRY(follow(*field, steps[index], is_last ? std::string_view() : steps[index + 1]));
    if (field == nullptr) return {};
  }
  return write(*field, steps, target, value);
}

Result<ValueTarget> read_value_target(const Value& item, const FieldReader& reader) {
  const Object read =
      TRY(reader.fields(item, "a target", {"selector", "fieldPath", "filePathPosition"}));
  ValueTarget target;
  if (const Value* selector = read.find("selector"); selector != nullptr) {
    target.selector = *selector;
  }
  target.field_path = TRY(reader.path_of(item, read, "fieldPath"));
  target.path_position = TRY(reader.integer_of(read, "filePathPosition"));
  target.file = reader.path();
  if (target.field_path.empty()) return reader.bad(item, "fieldPath is missing");
  if (target.path_position < 0) return reader.bad(item, "filePathPosition can't be negative");
  return target;
}

Result<void> read_targets(const Object& read, const FieldReader& reader,
                          std::vector<ValueTarget>& targets) {
  for (const Value& item : TRY(reader.items_of(read, "targets"))) {
    targets.push_back(TRY(read_value_target(item, reader)));
  }
  return {};
}

Result<void> read_target_file(const std::string& path, const FileLoader& loader,
                              std::vector<ValueTarget>& targets) {
  const std::string text = TRY(loader.load(path));
  const FieldReader reader(loader.shown(path), UnknownFields::ignored);
  const std::vector<Document> documents = TRY(read_yaml(text, reader.path(), loader.limits()));
  if (documents.empty()) return {};
  const Object read = TRY(reader.fields(documents.front().value, "a file of targets", {"targets"}));
  return read_targets(read, reader, targets);
}

}  // namespace

Result<ValueAddRule> read_value_add(const Value& object, const FieldReader& reader,
                                    const FileLoader& loader) {
  const Object read =
      TRY(reader.fields(object, "ValueAddTransformer", {"value", "targets", "targetFilePath"}));
  ValueAddRule rule;
  rule.value = trimmed(TRY(reader.text_of(read, "value")));
  if (rule.value.empty()) rule.value = loader.root().name();
  if (rule.value.empty()) return reader.bad(object, "value is missing");
  TRY(read_targets(read, reader, rule.targets));
  const std::string file = TRY(reader.text_of(read, "targetFilePath"));
  if (!file.empty()) TRY(read_target_file(file, loader, rule.targets));
  if (rule.targets.empty()) return reader.bad(object, "targets are missing");
  return rule;
}

Result<void> add_value(Draft& draft, const ValueTarget& target, const std::string& value) {
  if (target.field_path == "metadata/namespace") {
    return set_namespace_in(draft, {.name = value, .fields = {}});
  }
  if (auto added = add_at_path(draft.object, target, value); !added) {
    return invalid_draft(draft,
                         fmt::format("field {}: {}", target.field_path, added.error().message));
  }
  read_id(draft);
  return {};
}

}  // namespace primocane

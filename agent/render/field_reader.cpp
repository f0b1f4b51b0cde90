// SPDX-License-Identifier: Apache-2.0
#include "render/field_reader.hpp"

#include "base/letter_case.hpp"
#include "document/schema_reader.hpp"
#include "render/field_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace primocane {

namespace {

std::string_view name_called(std::string_view key, std::span<const std::string_view> known) {
  const auto found = std::ranges::find_if(known, [&](std::string_view name) {
    return std::ranges::equal(key, name, {}, to_lower, to_lower);
  });
  return found == known.end() ? std::string_view() : *found;
}

}  // namespace

FieldReader::FieldReader(std::string path)
    : FieldReader(std::move(path), UnknownFields::refused, TextFields::strings) {}

FieldReader::FieldReader(std::string path, UnknownFields unknown, TextFields texts)
    : path_(std::move(path)), unknown_(unknown), texts_(texts) {}

std::unexpected<Error> FieldReader::bad(const Value& value, std::string_view message) const {
  return fail(ErrorKind::invalid, at_line(path_, value.line()) + std::string(message));
}

std::unexpected<Error> FieldReader::bad_type(const Value& value, std::string_view what,
                                             std::string_view expected) const {
  return bad(value, fmt::format("{} must be {}, not {}", what, expected, to_string(value.kind())));
}

Result<Object> FieldReader::fields(const Value& value, std::string_view what,
                                   std::span<const std::string_view> known) const {
  Object found;
  if (value.is_null()) return found;
  if (!value.is_object()) return bad_type(value, what, "a mapping");
  for (const auto& [key, member] : *value.as_object()) {
    const std::string_view name = name_called(key, known);
    if (name.empty()) {
      if (unknown_ == UnknownFields::ignored) continue;
      const std::string_view meant = nearest(key, known);
      return bad(member, fmt::format("{} has no field \"{}\"{}", what, key,
                                     meant.empty() ? std::string()
                                                   : fmt::format("; did you mean \"{}\"?", meant)));
    }
    if (found.contains(name)) {
      return bad(member, fmt::format("\"{}\" is given twice, as \"{}\" too", name, key));
    }
    if (!member.is_null()) found.append(std::string(name), member);
  }
  return found;
}

Result<std::string> FieldReader::text(const Value& value, std::string_view what) const {
  const bool is_scalar = !value.is_object() && !value.is_array();
  if (value.is_null() || value.is_string() || (is_scalar && texts_ == TextFields::scalars)) {
    return std::string(value.scalar_text());
  }
  return bad_type(value, what, "a string");
}

Result<std::string> FieldReader::text_of(const Object& fields, std::string_view key) const {
  const Value* value = fields.find(key);
  return value == nullptr ? std::string() : text(*value, key);
}

Result<bool> FieldReader::flag_of(const Object& fields, std::string_view key) const {
  const Value* value = fields.find(key);
  if (value == nullptr || value->is_null()) return false;
  if (value->as_bool() == nullptr) return bad_type(*value, key, "true or false");
  return *value->as_bool();
}

Result<std::int64_t> FieldReader::integer_of(const Object& fields, std::string_view key) const {
  const Value* value = fields.find(key);
  if (value == nullptr || value->is_null()) return 0;
  if (value->as_number() == nullptr) return bad_type(*value, key, "an integer");
  const std::string& digits = value->as_number()->text;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return bad(*value, fmt::format("{} must be an integer, not {}", key, digits));
  }
  return number;
}

Result<std::vector<std::string>> FieldReader::texts_of(const Object& fields,
                                                       std::string_view key) const {
  std::vector<std::string> texts;
  for (const Value& item : TRY(items_of(fields, key))) {
    texts.push_back(TRY(text(item, fmt::format("an item of {}", key))));
  }
  return texts;
}

Result<std::map<std::string, std::string>> FieldReader::text_map_of(const Object& fields,
                                                                    std::string_view key) const {
  std::map<std::string, std::string> pairs;
  const Value* value = fields.find(key);
  if (value == nullptr || value->is_null()) return pairs;
  if (!value->is_object()) return bad_type(*value, key, "a mapping of strings");
  for (const auto& [name, member] : *value->as_object()) {
    pairs.emplace(name, TRY(text(member, fmt::format("{}.{}", key, name))));
  }
  return pairs;
}

Result<std::span<const Value>> FieldReader::items_of(const Object& fields,
                                                     std::string_view key) const {
  const Value* value = fields.find(key);
  if (value == nullptr || value->is_null()) return std::span<const Value>();
  if (value->as_array() == nullptr) return bad_type(*value, key, "a list");
  return std::span<const Value>(*value->as_array());
}

Result<std::string> FieldReader::path_of(const Value& item, const Object& fields,
                                         std::string_view key) const {
  std::string path = TRY(text_of(fields, key));
  if (split_path(path).size() <= path_steps_max) return path;
  return bad(item, fmt::format("a path may have at most {} steps", path_steps_max));
}

Result<FieldSpec> FieldReader::field_spec(const Value& item) const {
  const Object read =
      TRY(fields(item, "a field spec", {"group", "version", "kind", "path", "create"}));
  FieldSpec spec;
  spec.group = TRY(text_of(read, "group"));
  spec.version = TRY(text_of(read, "version"));
  spec.kind = TRY(text_of(read, "kind"));
  spec.path = TRY(path_of(item, read, "path"));
  spec.create = TRY(flag_of(read, "create")) ? CreateField::yes : CreateField::no;
  return spec;
}

Result<std::vector<FieldSpec>> FieldReader::field_specs_of(const Object& fields,
                                                           std::string_view key) const {
  std::vector<FieldSpec> specs;
  for (const Value& item : TRY(items_of(fields, key))) specs.push_back(TRY(field_spec(item)));
  return specs;
}

}  // namespace primocane

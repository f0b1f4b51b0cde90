// SPDX-License-Identifier: Apache-2.0
#include "render/patch_schema_table.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace primocane {

namespace {

// Numbers instead of pointers, which the loader would have to relocate. A name is an offset.
namespace schema_table {

constexpr std::uint16_t none = 0xffff;

struct TableType {
  std::uint16_t first_field;  // the last is before the next type's first
  std::uint16_t additional;   // the type of all other fields, or none
  std::uint16_t elements;     // type or none
  std::uint16_t keys;         // where its merge keys are, or none
};

struct TableField {
  std::uint16_t name;
  std::uint16_t type;
};

struct TableKind {
  std::uint16_t name;
  std::uint16_t api_version;
  std::uint16_t type;  // or none
  KnownScope scope;
};

#include "render/patch_schema_table.inc"

// In `names`, each stands behind its length.
std::string_view name_at(std::uint16_t offset) {
  const std::string_view all(names, sizeof(names) - 1);
  return all.substr(offset + 1U, static_cast<unsigned char>(all[offset]));
}

std::optional<BuiltInType> known(std::uint16_t type) {
  return type == none ? std::nullopt : std::optional(type);
}

}  // namespace schema_table

}  // namespace

std::optional<BuiltInKind> built_in_kind(std::string_view api_version, std::string_view kind) {
  using schema_table::name_at;
  const auto name = [](const schema_table::TableKind& row) { return name_at(row.name); };
  const auto* row = std::ranges::lower_bound(schema_table::kinds, kind, {}, name);
  for (; row != schema_table::kinds.end() && name(*row) == kind; ++row) {
    if (name_at(row->api_version) != api_version) continue;
    return BuiltInKind{.type = schema_table::known(row->type), .scope = row->scope};
  }
  return std::nullopt;
}

std::optional<BuiltInType> built_in_field(BuiltInType type, std::string_view name) {
  const schema_table::TableType& row = schema_table::types[type];
  const std::size_t end = schema_table::types[type + 1U].first_field;
  for (std::size_t at = row.first_field; at < end; ++at) {
    const schema_table::TableField& field = schema_table::fields[at];
    if (schema_table::name_at(field.name) == name) return field.type;
  }
  return schema_table::known(row.additional);
}

std::optional<BuiltInType> built_in_elements(BuiltInType type) {
  return schema_table::known(schema_table::types[type].elements);
}

std::optional<std::vector<std::string_view>> built_in_merge_keys(BuiltInType type) {
  const std::uint16_t at = schema_table::types[type].keys;
  if (at == schema_table::none) return std::nullopt;
  std::vector<std::string_view> keys;
  for (const std::uint16_t key :
       std::span(schema_table::key_sets).subspan(at + 1U, schema_table::key_sets[at])) {
    keys.push_back(schema_table::name_at(key));
  }
  return keys;
}

}  // namespace primocane

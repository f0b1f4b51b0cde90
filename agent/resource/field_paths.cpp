// SPDX-License-Identifier: Apache-2.0
#include "resource/field_paths.hpp"

#include "document/json.hpp"
#include "resource/apply_entry.hpp"
#include "resource/metadata.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

constexpr std::size_t told_max = 5;
// Of a hostile object; the server's own limit on nesting is lower.
constexpr std::size_t depth_max = 200;

std::string text_of(const Value& value) {
  return value.as_string() != nullptr ? *value.as_string() : write_json(value);
}

class Walk {
 public:
  Walk(ItemNames names, std::size_t count_max) : names_(names), count_max_(count_max) {}

  void visit(const Value& fields, const Value* others, const std::string& path, std::size_t depth) {
    const Object* members = fields.as_object();
    if (members == nullptr || depth > depth_max) return;
    bool is_leaf = true;
    for (const auto& [key, inner] : *members) {
      if (key == ".") continue;
      is_leaf = false;
      if (found_.size() >= count_max_) return;
      visit(inner, others == nullptr ? nullptr : others->find(key), path + field_step(key, names_),
            depth + 1);
    }
    if (is_leaf && others == nullptr && !path.empty()) found_.push_back(path);
  }

  std::vector<std::string> take() { return std::move(found_); }

 private:
  ItemNames names_;
  std::size_t count_max_;
  std::vector<std::string> found_;
};

}  // namespace

// "k:{"name":"app"}" names the item of a list by its keys, "v:" by itself, "i:" by its place.
std::string field_step(std::string_view key, ItemNames names) {
  if (key.starts_with("f:")) return fmt::format(".{}", key.substr(2));
  if (key.starts_with("i:")) return fmt::format("[{}]", key.substr(2));
  if (!key.starts_with("k:") || names == ItemNames::hidden) return "[*]";
  const auto value = read_json(key.substr(2), "fieldsV1");
  if (!value || !value->is_object()) return "[*]";
  std::string keys;
  for (const auto& [name, part] : *value->as_object()) {
    keys += fmt::format("{}{}={}", keys.empty() ? "" : ",", name, text_of(part));
  }
  return fmt::format("[{}]", keys);
}

Value applied_fields_of(const Value& object) {
  for (const Value& entry : managed_entries(object)) {
    if (!is_our_apply_entry(entry)) continue;
    const Value* fields = entry.find("fieldsV1");
    return fields == nullptr ? Value() : *fields;
  }
  return {};
}

std::vector<Value> fields_of_manager(const Value& object, std::string_view manager) {
  std::vector<Value> all;
  for (const Value& entry : managed_entries(object)) {
    const Value* fields = entry.find("fieldsV1");
    const bool is_meant =
        entry.text_at("manager") == manager && entry.text_at("subresource").empty();
    if (is_meant && fields != nullptr) all.push_back(*fields);
  }
  return all;
}

std::vector<std::string> field_paths_beyond(const Value& fields, const Value& others,
                                            ItemNames names, std::size_t count_max) {
  Walk walk(names, count_max);
  walk.visit(fields, &others, {}, 0);
  return walk.take();
}

std::string describe_fields(const std::vector<std::string>& fields) {
  std::string list;
  for (std::size_t i = 0; i < fields.size() && i < told_max; ++i) {
    list += fmt::format("{}{}", i == 0 ? "" : ", ", fields[i]);
  }
  if (fields.size() > told_max) list += fmt::format(" and {} more", fields.size() - told_max);
  return list;
}

}  // namespace primocane

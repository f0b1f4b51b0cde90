// SPDX-License-Identifier: Apache-2.0
#include "document/difference.hpp"

#include "document/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// Items of a list by their names.
using NamedItems = std::map<std::string, std::size_t, std::less<>>;

std::optional<NamedItems> items_by(std::string_view key, const Array& items) {
  NamedItems named;
  for (std::size_t index = 0; index < items.size(); ++index) {
    const Value* name = items[index].find(key);
    if (name == nullptr || name->is_object() || name->is_array() || name->is_null()) {
      return std::nullopt;
    }
    if (!named.emplace(write_json(*name), index).second) return std::nullopt;
  }
  return named;
}

std::vector<std::string_view> names_in_order(const NamedItems& items) {
  std::vector<std::string_view> names(items.size());
  for (const auto& [name, index] : items) names[index] = name;
  return names;
}

class Comparison {
 public:
  std::vector<Difference> take() { return std::move(found_); }

  void compare(const Value& before, const Value& after, const JsonPointer& path) {
    if (before == after) return;
    if (before.is_object() && after.is_object()) {
      compare_objects(*before.as_object(), *after.as_object(), path);
    } else if (before.is_array() && after.is_array()) {
      compare_arrays(before, after, path);
    } else {
      found_.push_back({.path = path, .before = before, .after = after});
    }
  }

 private:
  void compare_objects(const Object& before, const Object& after, const JsonPointer& path) {
    for (const auto& [key, value] : after) {
      const Value* old = before.find(key);
      if (old != nullptr) {
        compare(*old, value, path.child(key));
      } else {
        found_.push_back({.path = path.child(key), .before = std::nullopt, .after = value});
      }
    }
    for (const auto& [key, value] : before) {
      if (after.contains(key)) continue;
      found_.push_back({.path = path.child(key), .before = value, .after = std::nullopt});
    }
  }

  void compare_arrays(const Value& before, const Value& after, const JsonPointer& path) {
    constexpr std::array<std::string_view, 5> naming_keys = {"name", "mountPath", "containerPort",
                                                             "port", "key"};
    for (const std::string_view key : naming_keys) {
      const auto before_items = items_by(key, *before.as_array());
      const auto after_items = items_by(key, *after.as_array());
      if (!before_items || !after_items) continue;
      const std::size_t count = found_.size();
      compare_named(*before.as_array(), *before_items, *after.as_array(), *after_items, path);
      if (found_.size() == count)
        found_.push_back({.path = path, .before = before, .after = after});
      return;
    }
    compare_by_index(*before.as_array(), *after.as_array(), path);
  }

  void compare_named(const Array& before, const NamedItems& before_items, const Array& after,
                     const NamedItems& after_items, const JsonPointer& path) {
    const std::vector<std::string_view> names = names_in_order(after_items);
    for (std::size_t index = 0; index < after.size(); ++index) {
      const JsonPointer item_path = path.child(fmt::to_string(index));
      const auto old = before_items.find(names[index]);
      if (old != before_items.end()) {
        compare(before[old->second], after[index], item_path);
      } else {
        found_.push_back({.path = item_path, .before = std::nullopt, .after = after[index]});
      }
    }
    const std::vector<std::string_view> old_names = names_in_order(before_items);
    for (std::size_t index = 0; index < before.size(); ++index) {
      if (!after_items.contains(old_names[index])) remove(before, index, path);
    }
  }

  void compare_by_index(const Array& before, const Array& after, const JsonPointer& path) {
    for (std::size_t index = 0; index < after.size(); ++index) {
      const JsonPointer item_path = path.child(fmt::to_string(index));
      if (index < before.size()) {
        compare(before[index], after[index], item_path);
      } else {
        found_.push_back({.path = item_path, .before = std::nullopt, .after = after[index]});
      }
    }
    for (std::size_t index = after.size(); index < before.size(); ++index) {
      remove(before, index, path);
    }
  }

  void remove(const Array& before, std::size_t index, const JsonPointer& path) {
    found_.push_back({.path = path.child(fmt::to_string(index)),
                      .before = before[index],
                      .after = std::nullopt});
  }

  std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> difference(const Value& before, const Value& after) {
  Comparison comparison;
  comparison.compare(before, after, JsonPointer());
  return comparison.take();
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The functions follow those of kyaml by name, or by what the comment says: what they do to odd
// lists is no rule of anybody, so that nothing but the same steps gives the same result.
#include "render/odd_list_merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace primocane {

namespace {

using Keys = std::span<const std::string_view>;
using Texts = std::vector<std::string>;  // the values of an element's keys
using Nodes = std::vector<Value*>;

Nodes nodes_of(Array& list) {
  Nodes nodes;
  nodes.reserve(list.size());
  for (Value& element : list) nodes.push_back(&element);
  return nodes;
}

std::unexpected<Error> wrong_kind(NodeKind expected, const Value& node) {
  return fail_here(fmt::format("expected elements that are {}, not {}", to_string(expected),
                               to_string(node.kind())));
}

// yaml/fns.go, FieldMatcher with a StringValue: whether `node` has that value in the field, or with
// the name "" is that value itself. An empty value stands for any.
Result<bool> has_value(const Value& node, std::string_view name, std::string_view value) {
  if (name.empty()) {
    if (node_kind(&node) != NodeKind::scalar) return wrong_kind(NodeKind::scalar, node);
    return node_text(node) == value;
  }
  if (node_kind(&node) != NodeKind::mapping) return wrong_kind(NodeKind::mapping, node);
  const Value* field = node.find(name);
  return field != nullptr && (value.empty() || node_text(*field) == value);
}

// Whether `node` has the values in the fields. There may be fewer values than keys: then those of
// the first keys decide.
Result<bool> has_values(const Value& node, Keys keys, const Texts& values) {
  if (values.empty()) return false;
  for (std::size_t at = 0; at < std::min(keys.size(), values.size()); ++at) {
    if (!TRY(has_value(node, keys[at], values[at]))) return false;
  }
  return true;
}

bool is_null_or_empty_map(const Value* node) {
  return is_missing_or_null(node) || (node->is_object() && node->as_object()->empty());
}

// yaml/fns.go, ElementSetter: puts `element` in the place of all that have the values, or at the
// end; without an element takes them out. Drops nulls and empty mappings, and without values all
// that it comes by.
Result<void> set_element(Nodes& list, Value* element, Keys keys, const Texts& values) {
  const bool sets_mapping = !keys.front().empty() && !values.empty() && !values.front().empty();
  bool is_set = false;
  Nodes kept;
  kept.reserve(list.size() + 1);
  for (Value* node : list) {
    if (is_null_or_empty_map(node)) continue;
    if (sets_mapping && !node->is_object()) {
      kept.push_back(node);
      continue;
    }
    if (!TRY(has_values(*node, keys, values))) {
      if (!values.empty()) kept.push_back(node);
      continue;
    }
    is_set = true;
    if (element != nullptr) kept.push_back(element);
  }
  if (!is_set && !is_missing_or_null(element)) kept.push_back(element);
  list = std::move(kept);
  return {};
}

// yaml/fns.go, ElementMatcher: the first element with these values, here also empty ones.
Value* find_element(const Nodes& list, Keys keys, const Texts& values) {
  const auto found = std::ranges::find_if(list, [&](const Value* node) {
    if (keys.front().empty()) return node_text(*node) == values.front();
    for (std::size_t at = 0; at < keys.size(); ++at) {
      const Value* field = node->find(keys[at]);
      if (field == nullptr || node_text(*field) != values[at]) return false;
    }
    return true;
  });
  return found == list.end() ? nullptr : *found;
}

// One text where the other has none, and one in common: then both; else nothing.
std::optional<Texts> match(const Texts& left, const Texts& right) {
  Texts both;
  bool has_common = false;
  for (std::size_t at = 0; at < left.size(); ++at) {
    has_common = has_common || left[at] == right[at];
    if (left[at] != right[at] && !left[at].empty() && !right[at].empty()) return std::nullopt;
    both.push_back(left[at].empty() ? right[at] : left[at]);
  }
  return has_common ? std::optional(std::move(both)) : std::nullopt;
}

std::size_t node_count(const Value& value) {
  std::size_t count = 1;
  if (const Array* items = value.as_array()) {
    for (const Value& item : *items) count += node_count(item);
  }
  if (const Object* members = value.as_object()) {
    for (const auto& [key, member] : *members) count += node_count(member);
  }
  return count;
}

class OddLists {
 public:
  OddLists(Array& target, Array* patch, Keys keys, MergeBudget& budget)
      : target_(target),
        targets_(nodes_of(target)),
        patch_nodes_(patch == &target ? &targets_ : &patches_),
        keys_(keys.begin(), keys.end()),
        budget_(budget) {
    if (patch != nullptr && patch != &target) patches_ = nodes_of(*patch);
    if (keys_.empty()) keys_.emplace_back();  // kyaml's word for the scalars themselves
  }

  // setAssociativeSequenceElements
  Result<void> merge(const MergeElement& merge) {
    std::vector<Texts> all = element_values();
    if (all.empty()) return {};
    if (keys_.size() > 1) TRY(merge_values(all));
    drop_unused_keys(all);
    for (const Texts& values : all) {
      TRY(budget_.spend(targets_.size() + patches_.size() + merged_.size()));
      TRY(merge_one(values, merge));
    }
    TRY(append_targets());
    return take_merged();
  }

 private:
  [[nodiscard]] std::vector<Texts> element_values() const;
  Result<void> merge_values(std::vector<Texts>& all);
  void drop_unused_keys(std::vector<Texts>& all);
  Result<void> merge_one(const Texts& values, const MergeElement& merge);
  [[nodiscard]] Value* find(const Nodes& list, const Texts& values) const;
  Result<void> append_targets();
  Result<void> append_target(Value* element);
  Result<void> take_merged();
  [[nodiscard]] bool is_of_target(const Value* node) const;

  Array& target_;
  Nodes targets_;
  Nodes patches_;
  const Nodes* patch_nodes_;  // the target's if both are one list
  std::vector<std::string_view> keys_;
  Nodes merged_;
  MergeBudget& budget_;
};

// elementValues, elementPrimitiveValues: the values of the patch, then those of the target.
std::vector<Texts> OddLists::element_values() const {
  std::vector<Texts> all;
  std::set<Texts> seen;
  for (const Nodes* list : {patch_nodes_, &targets_}) {
    for (const Value* node : *list) {
      Texts values;
      for (const std::string_view key : keys_) {
        values.emplace_back(key.empty() ? node_text(*node) : field_text(*node, key));
      }
      if (seen.insert(values).second) all.push_back(std::move(values));
    }
  }
  return all;
}

// mergeValues: [8080, ""] is the same as [8080, TCP].
Result<void> OddLists::merge_values(std::vector<Texts>& all) {
  for (Texts& left : all) {
    TRY(budget_.spend(all.size()));
    const Texts values = left;
    for (Texts& right : all) {
      const auto both = match(values, right);
      if (!both) continue;
      left = *both;
      right = *both;
    }
  }
  return {};
}

// validateKeys: a key counts if any element has it, and all if no element has any.
void OddLists::drop_unused_keys(std::vector<Texts>& all) {
  std::vector<std::size_t> used;
  for (std::size_t at = 0; at < keys_.size(); ++at) {
    const auto has_key = [at](const Texts& values) { return !values[at].empty(); };
    if (std::ranges::any_of(all, has_key)) used.push_back(at);
  }
  if (used.empty() || used.size() == keys_.size()) return;
  const auto keep_used = [&](auto& list) {
    std::remove_cvref_t<decltype(list)> kept;
    for (const std::size_t at : used) kept.push_back(list[at]);
    list = std::move(kept);
  };
  keep_used(keys_);
  for (Texts& values : all) keep_used(values);
}

Result<void> OddLists::merge_one(const Texts& values, const MergeElement& merge) {
  auto merged = merge(find(targets_, values), find(*patch_nodes_, values));
  if (!merged) {
    const std::string step = fmt::format("[{}={}]", keys_.front(), values.front());
    return std::unexpected(below(step, std::move(merged).error()));
  }
  if (is_null_or_empty_map(*merged)) return set_element(targets_, nullptr, keys_, values);
  Object* members = (*merged)->as_object();
  for (std::size_t at = 0; members != nullptr && at < keys_.size(); ++at) {
    const bool is_missing = !values[at].empty() && !members->contains(keys_[at]);
    if (is_missing) members->append(std::string(keys_[at]), Value(values[at]));
  }
  return set_element(merged_, *merged, keys_, values);
}

// elementValueList: by the keys that have a value, or by all if none has.
Value* OddLists::find(const Nodes& list, const Texts& values) const {
  std::vector<std::string_view> keys;
  Texts texts;
  for (std::size_t at = 0; at < keys_.size(); ++at) {
    if (values[at].empty()) continue;
    keys.push_back(keys_[at]);
    texts.push_back(values[at]);
  }
  return keys.empty() ? find_element(list, keys_, values) : find_element(list, keys, texts);
}

// appendListNode: each element of the target into the place of the merged one.
Result<void> OddLists::append_targets() {
  for (Value* element : targets_) {
    TRY(budget_.spend(merged_.size() + 1));
    TRY(append_target(element));
  }
  return {};
}

Result<void> OddLists::append_target(Value* element) {
  if (keys_.front().empty()) {
    return set_element(merged_, element, keys_, {std::string(node_text(*element))});
  }
  const NodeKind kind = node_kind(element);
  if (kind != NodeKind::mapping && kind != NodeKind::none) {
    return wrong_kind(NodeKind::mapping, *element);
  }
  Texts values;
  for (const std::string_view key : keys_) {
    if (const Value* field = element->find(key)) {
      values.emplace_back(node_text(*field));
    } else {
      merged_.push_back(element);
    }
  }
  if (keys_.size() > 1) TRY(set_element(merged_, nullptr, keys_, values));
  return set_element(merged_, element, keys_, values);
}

// Makes them the target's elements. The patch's are copied, because it may be looked at again, and
// what stands there several times.
Result<void> OddLists::take_merged() {
  std::unordered_map<const Value*, std::size_t> uses;
  for (const Value* node : merged_) ++uses[node];
  Array list;
  list.reserve(merged_.size());
  for (Value* node : merged_) {
    if (--uses[node] == 0 && is_of_target(node)) {
      list.push_back(std::move(*node));
      continue;
    }
    TRY(budget_.spend(node_count(*node)));
    list.push_back(*node);
  }
  target_ = std::move(list);
  return {};
}

bool OddLists::is_of_target(const Value* node) const {
  const std::less<> before;
  return !before(node, target_.data()) && before(node, target_.data() + target_.size());
}

}  // namespace

Result<void> merge_odd_elements(Array& target, Array* patch, std::span<const std::string_view> keys,
                                const MergeElement& merge, MergeBudget& budget) {
  return OddLists(target, patch, keys, budget).merge(merge);
}

}  // namespace primocane

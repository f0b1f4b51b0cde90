// SPDX-License-Identifier: Apache-2.0
#include "render/list_merge.hpp"

#include "render/odd_list_merge.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// What the element is matched by; nothing if it lacks a key.
std::optional<std::string> element_id(const Value& element,
                                      std::span<const std::string_view> keys) {
  if (keys.empty()) {
    if (node_kind(&element) != NodeKind::scalar) return std::nullopt;
    return std::string(node_text(element));
  }
  std::string id;
  for (const std::string_view key : keys) {
    const std::string_view text = field_text(element, key);
    if (text.empty()) return std::nullopt;
    // With the length, so that two texts never look like two others.
    id += keys.size() == 1 ? std::string(text) : fmt::format("{}:{}", text.size(), text);
  }
  return id;
}

// The elements with one id.
struct Slot {
  Value* target = nullptr;       // the first in the target
  Value* last_target = nullptr;  // and the last
  Value* patch = nullptr;        // the first in the patch
  Value* merged = nullptr;       // null if deleted
};

// Two lists of which every element has all keys.
class PlainLists {
 public:
  PlainLists(Array& target, Array* patch, std::span<const std::string_view> keys)
      : target_(target), patch_(patch), keys_(keys) {}

  // False if an element lacks a key.
  bool match() {
    if (patch_ != nullptr && !add(*patch_)) return false;
    return patch_ == &target_ || add(target_);
  }

  Result<void> merge(const MergeElement& merge) {
    for (Slot& slot : slots_) {
      auto merged = merge(slot.target, slot.patch);
      if (!merged) return std::unexpected(below(step_to(slot), std::move(merged).error()));
      if (!is_missing_or_null(*merged)) slot.merged = *merged;
    }
    return {};
  }

  Array result() {
    Array list;
    list.reserve(slots_.size());
    for (const Slot& slot : slots_) {
      if (slot.merged == nullptr) continue;
      if (slot.last_target == nullptr) list.push_back(*slot.merged);
      if (slot.last_target != nullptr && keys_.size() <= 1)
        list.push_back(std::move(*slot.last_target));
    }
    // kustomize takes elements with several keys out of the new list before it adds those of the
    // target, which come behind what is new therefore.
    for (std::size_t at = 0; at < target_.size() && keys_.size() > 1; ++at) {
      const Slot& slot = slots_[target_slots_[at]];
      if (slot.merged == nullptr || slot.last_target != &target_[at]) continue;
      list.push_back(std::move(target_[at]));
    }
    return list;
  }

 private:
  bool add(Array& list) {
    for (Value& element : list) {
      auto id = element_id(element, keys_);
      if (!id) return false;
      const auto [found, is_new] = by_id_.try_emplace(*std::move(id), slots_.size());
      if (is_new) slots_.emplace_back();
      Slot& slot = slots_[found->second];
      if (&list == patch_ && slot.patch == nullptr) slot.patch = &element;
      if (&list != &target_) continue;
      target_slots_.push_back(found->second);
      if (slot.target == nullptr) slot.target = &element;
      slot.last_target = &element;
    }
    return true;
  }

  // "[name=web]"
  std::string step_to(const Slot& slot) const {
    const Value& element = slot.target == nullptr ? *slot.patch : *slot.target;
    if (keys_.empty()) return fmt::format("[{}]", node_text(element));
    return fmt::format("[{}={}]", keys_.front(), field_text(element, keys_.front()));
  }

  Array& target_;
  Array* patch_;
  std::span<const std::string_view> keys_;
  std::vector<Slot> slots_;                // those of the patch first
  std::vector<std::size_t> target_slots_;  // of each element of the target
  std::unordered_map<std::string, std::size_t> by_id_;
};

}  // namespace

Result<void> merge_elements(Array& target, Array* patch, std::span<const std::string_view> keys,
                            const MergeElement& merge, MergeBudget& budget) {
  PlainLists lists(target, patch, keys);
  if (!lists.match()) return merge_odd_elements(target, patch, keys, merge, budget);
  TRY(lists.merge(merge));
  target = lists.result();
  return {};
}

}  // namespace primocane

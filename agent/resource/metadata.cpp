// SPDX-License-Identifier: Apache-2.0
#include "resource/metadata.hpp"

#include "base/letter_case.hpp"
#include "resource/well_known.hpp"

#include <algorithm>

namespace primocane {

namespace {

bool equal_in_any_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

}  // namespace

std::span<const Value> managed_entries(const Value& object) {
  const Value* entries = object.find("metadata", "managedFields");
  if (entries == nullptr || entries->as_array() == nullptr) return {};
  return *entries->as_array();
}

bool has_mark(const Value& object, std::string_view key, std::string_view value) {
  return equal_in_any_case(object.text_at("metadata", "labels", key), value) ||
         equal_in_any_case(object.text_at("metadata", "annotations", key), value);
}

bool is_prune_disabled(const Value& object) {
  return has_mark(object, flux_prune_annotation, "disabled");
}

bool is_merged(const Value& object) { return has_mark(object, flux_ssa_annotation, "Merge"); }

bool is_forced(const Value& object) { return has_mark(object, flux_force_annotation, "Enabled"); }

bool is_excluded(const Value& object) {
  return has_mark(object, flux_reconcile_annotation, "disabled") ||
         has_mark(object, flux_ssa_annotation, "Ignore");
}

bool is_never_pruned(const Value& object) {
  return is_prune_disabled(object) || is_excluded(object);
}

}  // namespace primocane

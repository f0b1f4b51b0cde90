// SPDX-License-Identifier: Apache-2.0
#include "resource/metadata.hpp"

#include "resource/well_known.hpp"

#include <algorithm>

namespace primocane {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_in_any_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

bool has_mark(const Value& object, std::string_view key, std::string_view value) {
  return equal_in_any_case(object.text_at("metadata", "labels", key), value) ||
         equal_in_any_case(object.text_at("metadata", "annotations", key), value);
}

bool is_prune_disabled(const Value& object) {
  return has_mark(object, flux_prune_annotation, "disabled");
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// LabelSelector: "app=web,tier in (a, b),!canary" (apimachinery's labels.Parse, of which kyaml has
// a copy).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

enum class LabelOperator : std::uint8_t { exists, missing, in, not_in, greater, less };

/// What is asked of one label, or annotation.
struct LabelRequirement {
  std::string key;
  LabelOperator operation = LabelOperator::exists;
  std::vector<std::string> values;

  bool operator==(const LabelRequirement&) const = default;
};

/// Requirements that are all to be met.
struct LabelSelector {
  std::vector<LabelRequirement> requirements;

  bool operator==(const LabelSelector&) const = default;
};

/// Reads requirements between commas: "key", "!key", "key=value" or "==", "!=", ">", "<",
/// "key in (a,b)", "key notin (a,b)". "" asks for nothing. `invalid` for wrong syntax, and for a
/// key or value that no label may have.
[[nodiscard]] Result<LabelSelector> parse_label_selector(std::string_view text);

/// Whether `labels` meets the requirements; null, or no mapping, counts as no labels.
[[nodiscard]] bool matches_labels(const LabelSelector& selector, const Value* labels);

}  // namespace primocane

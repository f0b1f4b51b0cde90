// SPDX-License-Identifier: Apache-2.0
// Follows field paths through objects (kyaml: yaml.Lookup, yaml.PathMatcher).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/field_path.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace primocane {

/// The one value that the steps lead to (yaml.Lookup), or null if it is not there. "-" is the last
/// item of a list, the text of an element must be equal, and blanks around steps do not count.
/// `invalid` if a list is where a mapping is needed or the like.
[[nodiscard]] Result<Value*> look_up(Value& root, std::span<const FieldStep> steps);

/// What becomes of a field that is missing at the end of a path.
enum class MadeLeaf : std::uint8_t { nothing, scalar, list, mapping };

struct MatchRules {
  /// Unless `nothing`, what is missing on the way is made as well: mappings and lists, an item at
  /// the end of a list for an index, an element with its key.
  MadeLeaf made = MadeLeaf::nothing;
  /// The text that elements are known by: how kustomize prints a value.
  std::function<std::string(const Value&)> printed;
};

/// How kustomize prints a value of an object that it read; style and comments are not known here.
[[nodiscard]] std::string printed_element(const Value& value);

/// All values that the steps lead to (yaml.PathMatcher). The pointers are good until `root`
/// changes. `invalid` if a value on the way is no list or mapping where one is needed, an index is
/// beyond the end of its list, or a pattern is no regular expression.
///
/// Known differences from kustomize: to make something in a null is an error, where kustomize does
/// nothing, and so are steps through a text ("spec.*.text.key"), which it follows without effect.
[[nodiscard]] Result<std::vector<Value*>> match_fields(Value& root,
                                                       std::span<const FieldStep> steps,
                                                       const MatchRules& rules);

}  // namespace primocane

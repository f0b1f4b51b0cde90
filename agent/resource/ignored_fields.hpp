// SPDX-License-Identifier: Apache-2.0
// A Kustomization's spec.ignore: fields of its objects that others may change (kustomize-controller
// 1.9; fluxcd/pkg ssa manager_apply.go, jsondiff/selector.go). Pure functions over objects.
#pragma once

#include "base/error.hpp"
#include "document/json_pointer.hpp"
#include "document/label_selector.hpp"
#include "document/regular_expression.hpp"
#include "document/value.hpp"
#include "resource/desired.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The rules of one spec.ignore. An immutable value.
class IgnoreRules {
 public:
  IgnoreRules() = default;
  /// Reads the list `rules`: each has `paths`, JSON pointers, and may have a `target` whose group,
  /// version, kind, name and namespace are regular expressions for all of the text, and whose
  /// labelSelector and annotationSelector are selectors. `invalid`, beginning with the field that
  /// is wrong ("ignore[0].paths[1]"), otherwise. Null stands for no rules.
  [[nodiscard]] static Result<IgnoreRules> read(const Value* rules);

  /// The fields of `object` that are ignored: those of all rules whose target it is.
  [[nodiscard]] std::vector<JsonPointer> paths_for(const Value& object) const;

  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    std::vector<JsonPointer> paths;
    TextPattern group;
    TextPattern version;
    TextPattern kind;
    TextPattern name;
    TextPattern namespace_name;
    std::optional<LabelSelector> labels;
    std::optional<LabelSelector> annotations;
  };

  [[nodiscard]] static Result<Rule> read_rule(const Value& value);
  [[nodiscard]] static Result<void> read_target(const Value& target, Rule& rule);
  [[nodiscard]] static bool is_target(const Rule& rule, const Value& object);

  std::vector<Rule> rules_;
};

/// What to apply so that the ignored fields of `live` stay as they are: `desired`, in which each of
/// `paths` that has another value there is left out if another manager applied it, and has the live
/// value if nobody else did, so that the server does not remove it with our ownership. `manager` is
/// ours. A field that `desired` does not declare stays undeclared.
[[nodiscard]] Value with_live_fields(Value desired, const Value& live,
                                     std::span<const JsonPointer> paths, std::string_view manager);

/// The body of `desired` with the fields of `live` that others may change as with_live_fields() has
/// them for us.
[[nodiscard]] Result<std::string> body_around(const DesiredObject& desired, const Value& live);

/// Whether `merged`, what a dry-run apply answers, differs from `live` in more than `paths`: in
/// labels, annotations, or anything but metadata and status.
[[nodiscard]] bool has_drifted_beyond(const Value& live, const Value& merged,
                                      std::span<const JsonPointer> paths);

}  // namespace primocane

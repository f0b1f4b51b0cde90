// SPDX-License-Identifier: Apache-2.0
// Selectors of kustomization files: which objects a patch or a replacement is for.
#pragma once

#include "base/error.hpp"
#include "document/label_selector.hpp"
#include "document/regular_expression.hpp"
#include "document/value.hpp"
#include "render/field_reader.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A selector as it is written (api/types/selector.go); "" in a field is for any.
struct Selector {
  std::string group;  ///< patterns for the whole text, as the next four
  std::string version;
  std::string kind;
  std::string name;
  std::string namespace_name;
  std::string label_selector;
  std::string annotation_selector;
  std::uint32_t line = 0;

  bool operator==(const Selector&) const = default;
};

/// Reads a selector; null is one for everything. `invalid` for an unknown field or one that is no
/// string.
[[nodiscard]] Result<Selector> read_selector(const Value& value, const FieldReader& reader);

/// One of the identities that an object has or had.
struct IdText {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::string_view name;
  std::string_view namespace_name;
};

/// The labels and annotations of an object; null for none.
struct MarkValues {
  const Value* labels = nullptr;
  const Value* annotations = nullptr;
};

/// What the target of a patch looks at.
struct PatchCandidate {
  IdText current;  ///< with the effective namespace, as the next
  std::string_view original_name;
  std::string_view original_namespace;
  MarkValues marks;
};

/// A compiled selector.
class TargetSelector {
 public:
  /// `invalid`, with file and line, if a pattern is no regular expression. What is wrong with a
  /// label or annotation selector shows only when an object is held against it, as in kustomize.
  [[nodiscard]] static Result<TargetSelector> make(const Selector& selector, std::string_view file);

  /// Whether a patch with this target is for the object: the original name and namespace count as
  /// well as the current ones (api/resmap/reswrangler.go, Select).
  [[nodiscard]] Result<bool> selects(const PatchCandidate& candidate) const;

  [[nodiscard]] bool matches_kind(const IdText& id) const;
  [[nodiscard]] bool matches_id(const IdText& id) const;
  [[nodiscard]] Result<bool> matches_marks(const MarkValues& marks) const;
  /// Whether it says anything of identities.
  [[nodiscard]] bool asks_for_id() const;
  /// Whether it says anything of labels or annotations.
  [[nodiscard]] bool asks_for_marks() const { return asks_for_marks_; }

 private:
  TextPattern group_;
  TextPattern version_;
  TextPattern kind_;
  TextPattern name_;
  TextPattern namespace_name_;
  Result<LabelSelector> labels_;
  Result<LabelSelector> annotations_;
  bool asks_for_marks_ = false;
};

/// The objects that one target of a replacement changes: those that `select` finds, without those
/// that one of `reject` finds (api/types/replacement.go, api/filters/replacement).
class ReplacementScope {
 public:
  /// `invalid` as from TargetSelector::make.
  [[nodiscard]] static Result<ReplacementScope> make(const Selector& select,
                                                     std::span<const Selector> reject,
                                                     std::string_view file);

  /// Whether an object that has and had these identities is among them; their namespaces are as
  /// written, not the effective ones. As in kustomize, an object is rejected by labels and
  /// annotations even if the identity in the same selector is another's, and the other way round.
  [[nodiscard]] Result<bool> covers(std::span<const IdText> ids, const MarkValues& marks) const;

 private:
  TargetSelector select_;
  std::vector<TargetSelector> reject_;
};

}  // namespace primocane

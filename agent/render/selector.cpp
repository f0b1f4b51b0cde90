// SPDX-License-Identifier: Apache-2.0
#include "render/selector.hpp"

#include "document/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

Result<TextPattern> selector_pattern(const Selector& selector, const std::string& pattern,
                                     std::string_view field, std::string_view file) {
  auto made = TextPattern::make(pattern);
  if (made) return made;
  return fail(ErrorKind::invalid,
              fmt::format("{}{} of the selector: {}", at_line(file, selector.line), field,
                          made.error().message));
}

Result<LabelSelector> placed_label_selector(const Selector& selector, const std::string& text,
                                            std::string_view file) {
  auto parsed = parse_label_selector(text);
  if (parsed) return parsed;
  return fail(ErrorKind::invalid, at_line(file, selector.line) + parsed.error().message);
}

Result<bool> meets(const Result<LabelSelector>& selector, const Value* marks) {
  if (!selector) return std::unexpected(selector.error());
  return matches_labels(*selector, marks);
}

}  // namespace

Result<Selector> read_selector(const Value& value, const FieldReader& reader) {
  const Object fields = TRY(reader.fields(
      value, "a selector",
      {"group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"}));
  Selector selector;
  selector.group = TRY(reader.text_of(fields, "group"));
  selector.version = TRY(reader.text_of(fields, "version"));
  selector.kind = TRY(reader.text_of(fields, "kind"));
  selector.name = TRY(reader.text_of(fields, "name"));
  selector.namespace_name = TRY(reader.text_of(fields, "namespace"));
  selector.label_selector = TRY(reader.text_of(fields, "labelSelector"));
  selector.annotation_selector = TRY(reader.text_of(fields, "annotationSelector"));
  selector.line = value.line();
  return selector;
}

Result<TargetSelector> TargetSelector::make(const Selector& selector, std::string_view file) {
  TargetSelector target;
  target.group_ = TRY(selector_pattern(selector, selector.group, "group", file));
  target.version_ = TRY(selector_pattern(selector, selector.version, "version", file));
  target.kind_ = TRY(selector_pattern(selector, selector.kind, "kind", file));
  target.name_ = TRY(selector_pattern(selector, selector.name, "name", file));
  target.namespace_name_ =
      TRY(selector_pattern(selector, selector.namespace_name, "namespace", file));
  target.labels_ = placed_label_selector(selector, selector.label_selector, file);
  target.annotations_ = placed_label_selector(selector, selector.annotation_selector, file);
  target.asks_for_marks_ =
      !selector.label_selector.empty() || !selector.annotation_selector.empty();
  return target;
}

Result<bool> TargetSelector::selects(const PatchCandidate& candidate) const {
  if (!namespace_name_.matches(candidate.original_namespace) &&
      !namespace_name_.matches(candidate.current.namespace_name)) {
    return false;
  }
  if (!name_.matches(candidate.original_name) && !name_.matches(candidate.current.name)) {
    return false;
  }
  if (!matches_kind(candidate.current)) return false;
  if (!TRY(meets(labels_, candidate.marks.labels))) return false;
  return meets(annotations_, candidate.marks.annotations);
}

bool TargetSelector::matches_kind(const IdText& id) const {
  return group_.matches(id.group) && version_.matches(id.version) && kind_.matches(id.kind);
}

bool TargetSelector::matches_id(const IdText& id) const {
  return matches_kind(id) && name_.matches(id.name) && namespace_name_.matches(id.namespace_name);
}

Result<bool> TargetSelector::matches_marks(const MarkValues& marks) const {
  const bool has_annotations = TRY(meets(annotations_, marks.annotations));
  const bool has_labels = TRY(meets(labels_, marks.labels));
  return has_annotations && has_labels;
}

bool TargetSelector::asks_for_id() const {
  return !group_.is_for_any() || !version_.is_for_any() || !kind_.is_for_any() ||
         !name_.is_for_any() || !namespace_name_.is_for_any();
}

Result<ReplacementScope> ReplacementScope::make(const Selector& select,
                                                std::span<const Selector> reject,
                                                std::string_view file) {
  ReplacementScope scope;
  scope.select_ = TRY(TargetSelector::make(select, file));
  for (const Selector& selector : reject) {
    scope.reject_.push_back(TRY(TargetSelector::make(selector, file)));
  }
  return scope;
}

Result<bool> ReplacementScope::covers(std::span<const IdText> ids, const MarkValues& marks) const {
  if (!TRY(select_.matches_marks(marks))) return false;
  for (const TargetSelector& reject : reject_) {
    if (reject.asks_for_marks() && TRY(reject.matches_marks(marks))) return false;
  }
  const auto is_among = [ids](const TargetSelector& selector) {
    return std::ranges::any_of(ids, [&](const IdText& id) { return selector.matches_id(id); });
  };
  for (const TargetSelector& reject : reject_) {
    if (reject.asks_for_id() && is_among(reject)) return false;
  }
  return is_among(select_);
}

}  // namespace primocane

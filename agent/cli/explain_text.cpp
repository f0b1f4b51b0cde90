// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_text.hpp"

#include "document/plain_text.hpp"
#include "report/status.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>
#include <string_view>

namespace primocane {

namespace {

// More are counted.
constexpr std::size_t changes_shown_max = 5;

std::string explained_line(std::string_view label, std::string_view text) {
  return fmt::format("  {:<13}  {}\n", label, plain_line(text));
}

// "main@sha1:0123456789ab".
std::string short_revision(std::string_view revision) {
  const std::size_t colon = revision.rfind(':');
  return std::string(colon == std::string_view::npos ? revision : revision.substr(0, colon + 13));
}

std::string_view words_of(ObjectState state) {
  switch (state) {
    case ObjectState::as_git_says:
      return "as Git says";
    case ObjectState::not_applied:
      return "not applied yet";
    case ObjectState::changed:
      return "changed in Git, which is not applied yet";
    case ObjectState::drifted:
      return "changed by others";
    case ObjectState::fought:
      return "fought for";
    case ObjectState::failed:
      return "failed";
    case ObjectState::suspended:
      return "suspended";
    case ObjectState::waiting:
      return "waits for what its Kustomization depends on";
    case ObjectState::left_alone:
      return "left alone";
    case ObjectState::followed:
      return "followed, and never applied itself";
    case ObjectState::not_served:
      return "left out";
  }
  return "";
}

std::string describe_place(const Explanation& told) {
  if (told.file.empty()) return "not known";
  std::string text = fmt::format("{}:{}", told.file, told.line);
  if (!told.release.empty()) return text + ", for " + told.release;
  if (told.is_generated) text += ", where it is generated";
  return text;
}

std::string describe_source(const Explanation& told) {
  return fmt::format("{}, path {}",
                     told.source.empty() ? "the repository of the configuration" : told.source,
                     told.path);
}

std::string describe_kustomization(const Explanation& told) {
  std::string text = told.kustomization;
  for (const std::string& container : told.containers) text += ", in " + container;
  return text;
}

std::string describe_change(const DriftRecord& change) {
  std::string text = write_time(change.time);
  if (!change.manager.empty()) text += " by " + change.manager;
  text += ": " + (change.fields.empty() ? change.reason : change.fields);
  if (change.event == to_string(EventKind::drift_detected)) return text + " (left so)";
  return text + (change.duration ? fmt::format(" (put right in {})", write_span(*change.duration))
                                 : std::string(" (put right)"));
}

std::string describe_changes(const std::vector<DriftRecord>& changes, WallTime from) {
  if (changes.empty()) {
    return explained_line("changed", fmt::format("by nobody else since {}", write_time(from)));
  }
  std::string text;
  const std::size_t more =
      changes.size() > changes_shown_max ? changes.size() - changes_shown_max : 0;
  for (std::size_t i = more; i < changes.size(); ++i) {
    text += explained_line("changed", describe_change(changes[i]));
  }
  if (more > 0) {
    text += explained_line("", fmt::format("and {} times before that: primocane drift", more));
  }
  return text;
}

std::string describe_explanation(const Explanation& told, WallTime from) {
  std::string text = plain_line(told.object);
  if (!told.api_version.empty()) text += fmt::format("  {}", plain_line(told.api_version));
  text += '\n';
  text += explained_line("from", describe_place(told));
  text += explained_line("commit", short_revision(told.revision));
  text += explained_line("Kustomization", describe_kustomization(told));
  text += explained_line("source", describe_source(told));
  if (!told.trouble.empty()) text += explained_line("not ready", told.trouble);
  text += explained_line("state", fmt::format("{}{}{}", words_of(told.state),
                                              told.detail.empty() ? "" : ": ", told.detail));
  if (!told.last_manager.empty()) {
    text += explained_line("others",
                           fmt::format("{}, last {}", told.last_manager, told.last_manager_time));
  }
  return text + describe_changes(told.changes, from);
}

}  // namespace

Result<ExplainAnswer> read_explain_answer(const Value& value) {
  ExplainAnswer answer;
  answer.from = TRY(read_time(value.text_at("from")));
  const Value* objects = value.find("objects");
  if (objects == nullptr || objects->as_array() == nullptr) {
    return fail(ErrorKind::invalid, "explanation: expected a list of objects");
  }
  for (const Value& object : *objects->as_array()) {
    answer.objects.push_back(TRY(read_explanation(object)));
  }
  const Value* near = value.find("near");
  if (near == nullptr || near->as_array() == nullptr) return answer;
  for (const Value& name : *near->as_array()) {
    if (name.as_string() != nullptr) answer.near.push_back(*name.as_string());
  }
  return answer;
}

std::string describe_explanations(const ExplainAnswer& answer) {
  std::string text;
  for (const Explanation& told : answer.objects) {
    if (!text.empty()) text += '\n';
    text += describe_explanation(told, answer.from);
  }
  return text;
}

std::string describe_absence(const ObjectReference& reference,
                             const std::vector<std::string>& near) {
  std::string text = fmt::format("no Kustomization desires {}/{}", reference.kind, reference.name);
  if (!reference.namespace_name.empty()) {
    text += fmt::format(" in namespace {}", reference.namespace_name);
  }
  if (!near.empty()) text += fmt::format("; did you mean {}?", fmt::join(near, ", "));
  return plain_line(text);
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "report/explanation.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace primocane {

namespace {

constexpr std::array object_states{
    ObjectState::as_git_says, ObjectState::not_applied, ObjectState::changed,
    ObjectState::drifted,     ObjectState::fought,      ObjectState::failed,
    ObjectState::suspended,   ObjectState::waiting,     ObjectState::left_alone,
    ObjectState::followed,    ObjectState::not_served};

void set_told(Object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object.append(std::string(key), text);
}

std::uint32_t line_at(const Value& value) {
  const Value* number = value.find("line");
  std::uint32_t line = 0;
  if (number == nullptr || number->as_number() == nullptr) return line;
  const std::string& text = number->as_number()->text;
  std::from_chars(text.data(), text.data() + text.size(), line);
  return line;
}

}  // namespace

std::string_view to_string(ObjectState state) {
  switch (state) {
    case ObjectState::as_git_says:
      return "as-git-says";
    case ObjectState::not_applied:
      return "not-applied";
    case ObjectState::changed:
      return "changed";
    case ObjectState::drifted:
      return "drifted";
    case ObjectState::fought:
      return "fought";
    case ObjectState::failed:
      return "failed";
    case ObjectState::suspended:
      return "suspended";
    case ObjectState::waiting:
      return "waiting";
    case ObjectState::left_alone:
      return "left-alone";
    case ObjectState::followed:
      return "followed";
    case ObjectState::not_served:
      return "not-served";
  }
  return "as-git-says";
}

Value write_explanation(const Explanation& explanation) {
  Object object{{"object", explanation.object}};
  set_told(object, "apiVersion", explanation.api_version);
  set_told(object, "file", explanation.file);
  if (explanation.line > 0) object.append("line", Value(explanation.line));
  object.append("generated", explanation.is_generated);
  set_told(object, "helmRelease", explanation.release);
  set_told(object, "revision", explanation.revision);
  object.append("kustomization", explanation.kustomization);
  Array containers;
  for (const std::string& container : explanation.containers) containers.emplace_back(container);
  object.append("containers", std::move(containers));
  set_told(object, "source", explanation.source);
  set_told(object, "path", explanation.path);
  set_told(object, "trouble", explanation.trouble);
  object.append("state", to_string(explanation.state));
  set_told(object, "detail", explanation.detail);
  set_told(object, "lastManager", explanation.last_manager);
  set_told(object, "lastManagerTime", explanation.last_manager_time);
  Array changes;
  for (const DriftRecord& change : explanation.changes) {
    changes.push_back(write_drift_record(change));
  }
  object.append("changes", std::move(changes));
  return object;
}

Result<Explanation> read_explanation(const Value& value) {
  if (!value.is_object()) return fail(ErrorKind::invalid, "explanation: expected a mapping");
  Explanation explanation;
  explanation.object = value.text_at("object");
  explanation.api_version = value.text_at("apiVersion");
  explanation.file = value.text_at("file");
  explanation.line = line_at(value);
  const Value* generated = value.find("generated");
  explanation.is_generated = generated != nullptr && *generated == Value(true);
  explanation.release = value.text_at("helmRelease");
  explanation.revision = value.text_at("revision");
  explanation.kustomization = value.text_at("kustomization");
  const Value* containers = value.find("containers");
  if (containers != nullptr && containers->as_array() != nullptr) {
    for (const Value& container : *containers->as_array()) {
      if (container.as_string() != nullptr) {
        explanation.containers.push_back(*container.as_string());
      }
    }
  }
  explanation.source = value.text_at("source");
  explanation.path = value.text_at("path");
  explanation.trouble = value.text_at("trouble");
  for (const ObjectState state : object_states) {
    if (value.text_at("state") == to_string(state)) explanation.state = state;
  }
  explanation.detail = value.text_at("detail");
  explanation.last_manager = value.text_at("lastManager");
  explanation.last_manager_time = value.text_at("lastManagerTime");
  const Value* changes = value.find("changes");
  if (changes != nullptr && changes->as_array() != nullptr) {
    for (const Value& change : *changes->as_array()) {
      explanation.changes.push_back(TRY(read_drift_record(change)));
    }
  }
  return explanation;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "report/kustomization_status.hpp"

#include "resource/pause.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace primocane {

namespace {

void set_unless_empty(Object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object.append(std::string(key), text);
}

std::uint64_t read_objects(const Value& value) {
  const Value* number = value.find("objects");
  std::uint64_t objects = 0;
  if (number == nullptr || number->as_number() == nullptr) return objects;
  const std::string& text = number->as_number()->text;
  std::from_chars(text.data(), text.data() + text.size(), objects);
  return objects;
}

}  // namespace

std::string pause_words(const KustomizationStatus& status) {
  if (status.suspended_until.empty()) return {};
  if (status.suspended_until == further_notice) return "suspended until further notice";
  return fmt::format("suspended until {}", status.suspended_until);
}

Value write_kustomization_status(const KustomizationStatus& status) {
  Object object{{"namespace", status.name.namespace_name}, {"name", status.name.name}};
  set_unless_empty(object, "container", status.container);
  set_unless_empty(object, "source", status.source);
  set_unless_empty(object, "path", status.path);
  object.append("suspended", status.is_suspended);
  set_unless_empty(object, "suspendedUntil", status.suspended_until);
  object.append("objects", Value(Number{fmt::to_string(status.objects)}));
  write_ready_state(object, status.readiness);
  return object;
}

Result<KustomizationStatus> read_kustomization_status(const Value& value) {
  if (!value.is_object()) return fail(ErrorKind::invalid, "kustomization: expected a mapping");
  KustomizationStatus status;
  status.name = {std::string(value.text_at("namespace")), std::string(value.text_at("name"))};
  status.container = value.text_at("container");
  status.source = value.text_at("source");
  status.path = value.text_at("path");
  const Value* suspended = value.find("suspended");
  status.is_suspended = suspended != nullptr && *suspended == Value(true);
  status.suspended_until = value.text_at("suspendedUntil");
  status.objects = read_objects(value);
  status.readiness = TRY(read_ready_state(value));
  return status;
}

}  // namespace primocane

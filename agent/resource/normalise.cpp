// SPDX-License-Identifier: Apache-2.0
#include "resource/normalise.hpp"

#include "base/base64.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// An uid or a resourceVersion would be a precondition, and a server refuses managedFields.
constexpr std::array<std::string_view, 8> server_metadata = {
    "creationTimestamp", "deletionGracePeriodSeconds",
    "deletionTimestamp", "generation",
    "managedFields",     "resourceVersion",
    "selfLink",          "uid"};

Value* child(Value* parent, std::string_view key) {
  Object* members = parent == nullptr ? nullptr : parent->as_object();
  return members == nullptr ? nullptr : members->find(key);
}

bool is_kind(const Resource& resource, std::string_view group, std::string_view version,
             std::string_view kind) {
  return resource.id.group == group && resource.version == version && resource.id.kind == kind;
}

void set_default_protocol(Value* ports) {
  Array* items = ports == nullptr ? nullptr : ports->as_array();
  if (items == nullptr) return;
  for (Value& port : *items) {
    Object* members = port.as_object();
    if (members == nullptr) continue;
    const Value* protocol = members->find("protocol");
    if (protocol == nullptr || protocol->is_null() || *protocol == Value("")) {
      members->set("protocol", "TCP");
    }
  }
}

void set_default_protocols_of_pod(Value* pod_spec) {
  Value* containers = child(pod_spec, "containers");
  Array* items = containers == nullptr ? nullptr : containers->as_array();
  if (items == nullptr) return;
  for (Value& container : *items) set_default_protocol(child(&container, "ports"));
}

// The Pod's spec inside `resource`, or null if its kind holds none.
Value* pod_spec_of(Resource& resource) {
  Value* spec = child(&resource.object, "spec");
  if (is_kind(resource, "", "v1", "Pod")) return spec;
  const bool is_workload = is_kind(resource, "apps", "v1", "Deployment") ||
                           is_kind(resource, "apps", "v1", "StatefulSet") ||
                           is_kind(resource, "apps", "v1", "DaemonSet") ||
                           is_kind(resource, "apps", "v1", "ReplicaSet") ||
                           is_kind(resource, "batch", "v1", "Job");
  if (is_workload) return child(child(spec, "template"), "spec");
  if (!is_kind(resource, "batch", "v1", "CronJob")) return nullptr;
  return child(child(child(child(spec, "jobTemplate"), "spec"), "template"), "spec");
}

std::unexpected<Error> bad_secret(const Resource& resource, const Value& value,
                                  std::string_view what) {
  return fail(ErrorKind::invalid,
              fmt::format("{}:{}: {}: {}", resource.origin.path,
                          value.line() == 0 ? resource.origin.line : value.line(),
                          to_string(resource.id), what));
}

Result<void> move_string_data(Resource& resource) {
  Object& secret = *resource.object.as_object();
  const Value* string_data = secret.find("stringData");
  if (string_data == nullptr) return {};
  if (!string_data->is_null() && !string_data->is_object()) {
    return bad_secret(resource, *string_data, "stringData must be a mapping of strings");
  }
  if (string_data->is_object() && !string_data->as_object()->empty()) {
    Value& data = secret["data"];
    if (data.is_null()) data = Object();
    if (!data.is_object()) return bad_secret(resource, data, "data must be a mapping of strings");
    // `secret["data"]` may have moved what `string_data` pointed to.
    string_data = secret.find("stringData");
    for (const auto& [key, value] : *string_data->as_object()) {
      if (!value.is_string() && !value.is_null()) {
        return bad_secret(resource, value,
                          fmt::format("stringData.{} must be a string: quote it", key));
      }
      data.as_object()->set(key, to_base64(value.is_null() ? "" : *value.as_string()));
    }
  }
  secret.erase("stringData");
  return {};
}

}  // namespace

Result<void> normalise(Resource& resource) {
  Object& object = *resource.object.as_object();
  if (Object* metadata = object["metadata"].as_object(); metadata != nullptr) {
    for (const std::string_view key : server_metadata) metadata->erase(key);
  }
  if (resource.id.group_kind() !=
      GroupKind{.group = "apiextensions.k8s.io", .kind = "CustomResourceDefinition"}) {
    object.erase("status");
  }
  if (is_kind(resource, "", "v1", "Secret")) {
    // Of one that stays encrypted (kustomize.toolkit.fluxcd.io/decrypt: disabled); Flux keeps of a
    // Secret what its type has (fluxcd/pkg, ssa/normalize).
    object.erase("sops");
    TRY(move_string_data(resource));
  }
  if (is_kind(resource, "", "v1", "Service")) {
    set_default_protocol(child(child(&resource.object, "spec"), "ports"));
  }
  set_default_protocols_of_pod(pod_spec_of(resource));
  return {};
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "render/iam_policy.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace primocane {

namespace {

Result<Object> part(const Object& read, std::string_view key, const FieldReader& reader,
                    std::initializer_list<std::string_view> known) {
  const Value* value = read.find(key);
  return value == nullptr ? Object() : reader.fields(*value, key, known);
}

}  // namespace

Result<Draft> generate_iam_policy(const Value& object, const FieldReader& reader) {
  const Object read = TRY(reader.fields(object, "IAMPolicyGenerator",
                                        {"cloud", "kubernetesService", "serviceAccount"}));
  const std::string cloud = TRY(reader.text_of(read, "cloud"));
  if (cloud != "gke") {
    return reader.bad(object, fmt::format("cloud must be gke, not \"{}\"", cloud));
  }
  const Object service = TRY(part(read, "kubernetesService", reader, {"name", "namespace"}));
  const Object account = TRY(part(read, "serviceAccount", reader, {"name", "projectId"}));
  const std::string address =
      fmt::format("{}@{}.iam.gserviceaccount.com", TRY(reader.text_of(account, "name")),
                  TRY(reader.text_of(account, "projectId")));
  const std::string space = TRY(reader.text_of(service, "namespace"));
  Object metadata;
  metadata.append("annotations", Object{{"iam.gke.io/gcp-service-account", address}});
  metadata.append("name", TRY(reader.text_of(service, "name")));
  if (!space.empty()) metadata.append("namespace", space);
  Object made{{"apiVersion", "v1"}, {"kind", "ServiceAccount"}};
  made.append("metadata", std::move(metadata));
  Origin origin{.path = reader.path()};
  if (object.line() != 0) origin.line = object.line();
  return make_draft(std::move(made), std::move(origin));
}

}  // namespace primocane

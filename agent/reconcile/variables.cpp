// SPDX-License-Identifier: Apache-2.0
#include "reconcile/variables.hpp"

#include "base/base64.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace primocane {

namespace {

std::map<std::string, std::string> config_map_content(const Value& config_map) {
  std::map<std::string, std::string> content;
  const Value* data = config_map.find("data");
  if (data == nullptr || !data->is_object()) return content;
  for (const auto& [key, value] : *data->as_object()) {
    if (value.as_string() != nullptr) content.insert_or_assign(key, *value.as_string());
  }
  return content;
}

}  // namespace

void ReadVariables::set(const std::string& name, std::string value, Shown shown) {
  values.insert_or_assign(name, std::move(value));
  if (shown == Shown::nowhere) {
    confidential.insert(name);
  } else {
    confidential.erase(name);
  }
}

Result<std::map<std::string, std::string>> secret_content(const Value& secret) {
  std::map<std::string, std::string> content;
  const Value* data = secret.find("data");
  if (data == nullptr || !data->is_object()) return content;
  for (const auto& [key, value] : *data->as_object()) {
    if (value.as_string() == nullptr) continue;
    Result<std::string> bytes = from_base64(*value.as_string());
    if (!bytes) {
      return fail(ErrorKind::invalid, fmt::format("Secret/{}/{}: data.{} is not base64",
                                                  secret.text_at("metadata", "namespace"),
                                                  secret.text_at("metadata", "name"), key));
    }
    content.insert_or_assign(key, std::move(*bytes));
  }
  return content;
}

Task<Result<ReadVariables>> read_variables(Cluster& cluster, const KustomizationSpec& spec) {
  ReadVariables variables;
  for (const VariableSource& source : spec.variable_sources) {
    ResourceId id{"", source.kind, spec.name.namespace_name, source.name};
    CO_TRY(const std::optional<Value> object, co_await cluster.get(id, "v1"));
    if (!object) {
      if (source.is_optional) continue;
      co_return fail(
          ErrorKind::unavailable,
          fmt::format("spec.postBuild.substituteFrom: {} is not in the cluster", to_string(id)));
    }
    const bool is_secret = source.kind == "Secret";
    Result<std::map<std::string, std::string>> content =
        is_secret ? secret_content(*object)
                  : Result<std::map<std::string, std::string>>(config_map_content(*object));
    if (!content) co_return std::unexpected(std::move(content).error());
    for (auto& [name, value] : *content) {
      variables.set(name, std::move(value), is_secret ? Shown::nowhere : Shown::anywhere);
    }
  }
  for (const auto& [name, value] : spec.variables) {
    const bool is_confidential = spec.confidential_variables.contains(name);
    variables.set(name, value, is_confidential ? Shown::nowhere : Shown::anywhere);
  }
  co_return variables;
}

}  // namespace primocane

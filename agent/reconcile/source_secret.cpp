// SPDX-License-Identifier: Apache-2.0
#include "reconcile/source_secret.hpp"

#include "reconcile/variables.hpp"

#include <fmt/format.h>

#include <optional>

namespace primocane {

ResourceId secret_id(const std::string& namespace_name, std::string_view name) {
  return {"", "Secret", namespace_name, std::string(name)};
}

Task<Result<SecretData>> read_source_secret(Cluster& cluster, std::string field, ResourceId id) {
  CO_TRY(const std::optional<Value> secret, co_await cluster.get(id, "v1"));
  if (!secret) {
    co_return fail(ErrorKind::unavailable,
                   fmt::format("{}: {} is not in the cluster", field, to_string(id)));
  }
  co_return secret_content(*secret);
}

}  // namespace primocane

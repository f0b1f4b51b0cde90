// SPDX-License-Identifier: Apache-2.0
#include "reconcile/source_secret.hpp"

#include "reconcile/variables.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace primocane {

Task<Result<Value>> read_named(Cluster& cluster, std::string field, ResourceId id) {
  CO_TRY(std::optional<Value> object, co_await cluster.get(id, "v1"));
  if (!object) {
    co_return fail(ErrorKind::unavailable,
                   fmt::format("{}: {} is not in the cluster", field, to_string(id)));
  }
  co_return std::move(*object);
}

Task<Result<SecretData>> read_source_secret(Cluster& cluster, std::string field,
                                            std::string namespace_name, std::string name) {
  ResourceId id{"", "Secret", std::move(namespace_name), std::move(name)};
  CO_TRY(const Value secret, co_await read_named(cluster, std::move(field), std::move(id)));
  co_return secret_content(secret);
}

}  // namespace primocane

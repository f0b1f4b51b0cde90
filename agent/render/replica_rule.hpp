// SPDX-License-Identifier: Apache-2.0
// The `replicas` field of a kustomization (api/types/replica.go, api/filters/replicacount).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/field_reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace primocane {

/// One item of `replicas`.
struct ReplicaRule {
  std::string name;  ///< of the objects, as it is
  std::int64_t count = 0;
  std::uint32_t line = 0;

  bool operator==(const ReplicaRule&) const = default;
};

/// Reads a rule; null is one without fields, and a count that is missing is 0. `invalid` for an
/// unknown field, a name that is no string, and a count that is no integer of 64 bits.
[[nodiscard]] Result<ReplicaRule> read_replica_rule(const Value& value, const FieldReader& reader);

/// Sets a field to the count, whatever scalar it is. `invalid` if it is a mapping or list.
[[nodiscard]] Result<void> set_replicas(Value& field, const ReplicaRule& rule);

}  // namespace primocane

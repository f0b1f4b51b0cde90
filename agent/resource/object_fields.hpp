// SPDX-License-Identifier: Apache-2.0
// Fields of live objects as Go's programs look for them (k8s.io/apimachinery unstructured
// helpers.go, kstatus util.go): what is missing, what is there, what has the wrong shape.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace primocane {

using FieldPath = std::initializer_list<std::string_view>;

/// The value at `path`, or null if a field of the path is missing or null. `invalid` if one on the
/// way is no mapping.
[[nodiscard]] Result<const Value*> nested_field(const Value& object, FieldPath path);

/// The integer at `path`, nothing if it is missing. `invalid` if it is there and no integer of 64
/// bits: `1.0` is none.
[[nodiscard]] Result<std::optional<std::int64_t>> nested_integer(const Value& object,
                                                                 FieldPath path);

/// The string at `path`, nothing if it is missing. `invalid` if it is there and no string.
[[nodiscard]] Result<std::optional<std::string_view>> nested_string(const Value& object,
                                                                    FieldPath path);

/// The integer at `path`, `otherwise` if there is none.
[[nodiscard]] std::int64_t integer_at(const Value& object, FieldPath path, std::int64_t otherwise);

/// The string at `path`, `otherwise` if there is none.
[[nodiscard]] std::string_view string_at(const Value& object, FieldPath path,
                                         std::string_view otherwise);

/// One entry of status.conditions; views into the object.
struct Condition {
  std::string_view type;
  std::string_view status;
  std::string_view reason;
  std::string_view message;
};

/// status.conditions in their order; none if they are missing. `invalid` if they or their fields
/// have other types than those of Kubernetes' conditions.
[[nodiscard]] Result<std::vector<Condition>> read_conditions(const Value& object);

/// The group in an apiVersion: "apps" of "apps/v1", "" of "v1".
[[nodiscard]] std::string_view group_of(std::string_view api_version);

}  // namespace primocane

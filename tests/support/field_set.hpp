// SPDX-License-Identifier: Apache-2.0
// Fields of an object as paths, the way managedFields names them (FieldsV1 in
// k8s.io/apimachinery meta/v1): what FakeCluster's server-side apply works on.
#pragma once

#include "document/value.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// A path to a field: "f:spec", `k:{"name":"web"}` for an item of a list whose items all have
/// names, "." for such an item itself. Other lists are atomic, as most of Kubernetes's are.
using FieldPath = std::vector<std::string>;
using FieldSet = std::set<FieldPath>;
using FieldValues = std::map<FieldPath, Value>;

/// The leaves of `object` that a manager can own: all but its identity and what the server sets.
[[nodiscard]] FieldValues fields_of(const Value& object);
[[nodiscard]] FieldSet paths_of(const FieldValues& fields);

/// True if one of the paths leads through the other.
[[nodiscard]] bool overlap(const FieldPath& a, const FieldPath& b);

void set_field(Value& object, const FieldPath& path, const Value& value);
/// Removes the fields, and what they leave empty.
void remove_fields(Value& object, const FieldSet& fields);

[[nodiscard]] Value to_fields_v1(const FieldSet& fields);
[[nodiscard]] FieldSet from_fields_v1(const Value& fields_v1);

}  // namespace primocane

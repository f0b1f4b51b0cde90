// SPDX-License-Identifier: Apache-2.0
// Which fields of an object no error and no difference may show: what was encrypted in Git, and
// what comes out of a Secret of the cluster.
#pragma once

#include "document/json_pointer.hpp"
#include "resource/resource_id.hpp"

#include <cstddef>
#include <vector>

namespace primocane {

/// Where they are; the empty pointer stands for all of the object but what identifies it.
using ConfidentialFields = std::vector<JsonPointer>;

/// More are all of the object.
inline constexpr std::size_t confidential_fields_max = 1000;

/// Those of every Secret: its data, and the copies of it that tools keep in annotations.
[[nodiscard]] ConfidentialFields fields_of_secrets();

/// Those of the object `id`, of which `known` are confidential.
[[nodiscard]] ConfidentialFields confidential_fields(const ResourceId& id,
                                                     ConfidentialFields known);

/// Whether `path` is one of `fields`, lies in one or holds one. Items of lists count as one: they
/// move.
[[nodiscard]] bool is_confidential(const ConfidentialFields& fields, const JsonPointer& path);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The fields of managedFields as people write them:
// ".spec.template.spec.containers[name=app].image" for "f:spec", "f:template", ...
// (k8s.io/apimachinery meta/v1, FieldsV1).
#pragma once

#include "document/value.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The fieldsV1 of our Apply entry in `object` (the whole or its metadata alone), null if there is
/// none.
[[nodiscard]] Value applied_fields_of(const Value& object);

/// The fieldsV1 that the entries of `manager` hold, but for those of subresources.
[[nodiscard]] std::vector<Value> fields_of_manager(const Value& object, std::string_view manager);

/// How items of lists are named: by their keys, which are values, or not at all.
enum class ItemNames : std::uint8_t { keys, hidden };

/// A step of a fieldsV1 as part of a path: ".image" for "f:image", "[name=app]" for
/// "k:{"name":"app"}", "[*]" for an item that is not named.
[[nodiscard]] std::string field_step(std::string_view key, ItemNames names);

/// The fields that are in `fields`, a fieldsV1, and not in `others`, in their order. At most
/// `count_max`. An item that is known by its value alone (a set) is never named.
[[nodiscard]] std::vector<std::string> field_paths_beyond(const Value& fields, const Value& others,
                                                          ItemNames names = ItemNames::keys,
                                                          std::size_t count_max = 20);

/// ".a, .b and 3 more".
[[nodiscard]] std::string describe_fields(const std::vector<std::string>& fields);

}  // namespace primocane

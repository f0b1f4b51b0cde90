// SPDX-License-Identifier: Apache-2.0
// The types that kustomize 5.8.1 knows by itself, of Kubernetes 1.21.2 (kyaml openapi,
// kubernetesapi) and of its own files: a table that cross/patch_schema makes. Asked through
// PatchSchema.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace primocane {

/// The number of a type. Type 0 is known but has nothing to tell.
using BuiltInType = std::uint16_t;

enum class KnownScope : std::uint8_t { unknown, namespaced, cluster };

struct BuiltInKind {
  std::optional<BuiltInType> type;  ///< nothing for options of requests, which have only a scope
  KnownScope scope = KnownScope::unknown;
};

[[nodiscard]] std::optional<BuiltInKind> built_in_kind(std::string_view api_version,
                                                       std::string_view kind);

/// The type of a mapping's field. Fields that lead to no list that is merged are left out.
[[nodiscard]] std::optional<BuiltInType> built_in_field(BuiltInType type, std::string_view name);

/// The type of a list's elements.
[[nodiscard]] std::optional<BuiltInType> built_in_elements(BuiltInType type);

/// What the elements of a list are matched by when it is merged, without any for a list of scalars;
/// nothing for a list that is replaced. The names live as long as the program.
[[nodiscard]] std::optional<std::vector<std::string_view>> built_in_merge_keys(BuiltInType type);

}  // namespace primocane

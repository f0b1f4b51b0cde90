// SPDX-License-Identifier: Apache-2.0
// What Kubernetes accepts as the parts of an object's identity, whatever its kind. They become
// parts of URLs, so that nothing else may stand in them.
#pragma once

#include "resource/resource_id.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The longest name that any kind allows: a DNS subdomain.
inline constexpr std::size_t name_length_max = 253;

/// The name of a namespace: an RFC 1123 label of at most 63 characters (apimachinery,
/// IsDNS1123Label).
[[nodiscard]] bool is_namespace_name(std::string_view text);

/// A DNS subdomain (apimachinery, IsDNS1123Subdomain): at most 253 small letters, digits, "-", ".".
[[nodiscard]] bool is_subdomain_name(std::string_view text);

/// A kind: at most 63 letters, digits and "-".
[[nodiscard]] bool is_kind_name(std::string_view text);

/// A group or a version of an API: letters, digits, "-" and ".".
[[nodiscard]] bool is_api_name(std::string_view text);

/// Why `text` is no name that any kind allows, or nothing if it may be one: at most 253
/// characters and a segment of a path (apimachinery, IsValidPathSegmentName), none of them
/// invisible, so that a report shows what is meant. Kinds ask for more.
[[nodiscard]] std::optional<std::string> fault_of_name(std::string_view text);

/// Whether all parts of `id` are such names. Group and namespace may be "".
[[nodiscard]] bool is_well_formed(const ResourceId& id);

}  // namespace primocane

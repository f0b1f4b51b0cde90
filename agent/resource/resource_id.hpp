// SPDX-License-Identifier: Apache-2.0
// ResourceId: which object is meant, whatever version of its API it is written in.
#pragma once

#include "base/error.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace primocane {

/// Group and kind of an object ("apps", "Deployment"); the core group is "".
struct GroupKind {
  std::string group;
  std::string kind;

  auto operator<=>(const GroupKind&) const = default;
};

/// "Deployment.apps", "ConfigMap": as KEP-3659 and kubectl write it.
[[nodiscard]] std::string to_string(const GroupKind& group_kind);

/// The identity of an object. The version of the API is not part of it.
struct ResourceId {
  std::string group;
  std::string kind;
  std::string namespace_name;  ///< "" for cluster-scoped objects
  std::string name;

  [[nodiscard]] GroupKind group_kind() const { return {group, kind}; }
  auto operator<=>(const ResourceId&) const = default;
};

/// "Deployment/home/paperless" or "Namespace/home": kind/namespace/name, as events print it.
[[nodiscard]] std::string to_string(const ResourceId& id);

/// An `apiVersion` in its parts: "apps/v1" → {"apps", "v1"}, "v1" → {"", "v1"}.
struct ApiVersion {
  std::string group;
  std::string version;

  [[nodiscard]] static Result<ApiVersion> parse(std::string_view text);
  auto operator<=>(const ApiVersion&) const = default;
};

/// "apps/v1", "v1".
[[nodiscard]] std::string to_string(const ApiVersion& version);

}  // namespace primocane

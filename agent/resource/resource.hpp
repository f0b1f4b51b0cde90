// SPDX-License-Identifier: Apache-2.0
// Resource and ResourceSet: rendered objects with their origin, sorted and without duplicates.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/value.hpp"
#include "resource/confidential_fields.hpp"
#include "resource/resource_id.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace primocane {

/// Where an object was written: the file in the source tree, which document of it (from 1), and
/// the line on which that begins.
struct Origin {
  std::string path;
  std::uint32_t document = 1;
  std::uint32_t line = 1;

  auto operator<=>(const Origin&) const = default;
};

/// "apps/web.yaml:12".
[[nodiscard]] std::string to_string(const Origin& origin);

/// One object as it was written, with its identity read out of it.
struct Resource {
  ResourceId id;
  std::string version;  ///< of the API, without the group: "v1"
  Value object;
  Origin origin;
  ConfidentialFields confidential{};

  /// Reads the identity out of `object`. `invalid`, naming file and line, if it is not a mapping
  /// with apiVersion, kind and metadata.name as non-empty strings that Kubernetes accepts as
  /// such, or if labels or annotations are not mappings of strings. A label or annotation without
  /// value becomes "", as in kustomize.
  [[nodiscard]] static Result<Resource> make(Value object, Origin origin);
};

/// Resources sorted by identity, each identity once.
class ResourceSet {
 public:
  ResourceSet() = default;
  /// Sorts `resources`. `invalid` if two have one identity: the message names both origins.
  [[nodiscard]] static Result<ResourceSet> make(std::vector<Resource> resources);

  [[nodiscard]] const std::vector<Resource>& all() const { return resources_; }
  [[nodiscard]] std::size_t size() const { return resources_.size(); }
  [[nodiscard]] bool empty() const { return resources_.empty(); }
  /// The resource with `id`, or null.
  [[nodiscard]] const Resource* find(const ResourceId& id) const;

 private:
  std::vector<Resource> resources_;
};

}  // namespace primocane

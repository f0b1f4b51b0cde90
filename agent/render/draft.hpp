// SPDX-License-Identifier: Apache-2.0
// Draft: an object on its way through the kustomize engine, with the identities that it had
// before: they are what other objects refer to it by.
#pragma once

#include "base/error.hpp"
#include "resource/resource.hpp"
#include "resource/resource_id.hpp"

#include <string>
#include <vector>

namespace primocane {

struct Draft {
  Resource resource;
  /// Each identity that it had before a transformer changed it, the oldest first; with the
  /// effective namespace. Group and version never change.
  std::vector<ResourceId> previous;
  std::vector<std::string> prefixes;  ///< that were put before its name, the first first
  std::vector<std::string> suffixes;  ///< that were put behind it
};

/// Whether kustomize knows that objects of this kind have no namespace: its built-in API only,
/// custom resources count as namespaced (kyaml openapi, precomputedIsNamespaceScoped).
[[nodiscard]] bool is_cluster_scoped(const Resource& resource);

/// The namespace in which kustomize sees it: "default" stands for none, and one word that is no
/// namespace for all cluster-scoped objects (kyaml resid, EffectiveNamespace).
[[nodiscard]] std::string effective_namespace(const Resource& resource);

/// The identity with the effective namespace: two drafts of one set may not share it.
[[nodiscard]] ResourceId effective_id(const Resource& resource);

/// The identity that it was written with (kustomize's OrgId).
[[nodiscard]] ResourceId original_id(const Draft& draft);

/// Remembers the present identity among the previous ones.
void store_previous_id(Draft& draft);

/// `message` with the place and the name of `resource` before it, as an `invalid` error.
[[nodiscard]] std::unexpected<Error> invalid_resource(const Resource& resource,
                                                      std::string_view message);

}  // namespace primocane

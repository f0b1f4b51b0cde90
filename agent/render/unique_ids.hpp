// SPDX-License-Identifier: Apache-2.0
// UniqueIds: sees to it that no object is in a set twice.
#pragma once

#include "base/error.hpp"
#include "resource/resource.hpp"
#include "resource/resource_id.hpp"

#include <map>

namespace primocane {

/// The identities of a set so far. An object without namespace and one in "default" are the same,
/// and so are two versions of one (kustomize tells those apart, an API server does not).
class UniqueIds {
 public:
  /// `invalid`, naming both places, if the object is there already.
  [[nodiscard]] Result<void> add(const Resource& resource);

 private:
  std::map<ResourceId, Origin> places_;
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Which fields hold the names of other objects
// (api/internal/konfig/builtinpluginconsts/namereference.go of kustomize 5.8.1).
#pragma once

#include "render/field_spec.hpp"

#include <string>
#include <vector>

namespace primocane {

/// Objects of a kind that others name. Empty parts stand for any.
struct ReferralTarget {
  std::string group;
  std::string version;
  std::string kind;

  bool operator==(const ReferralTarget&) const = default;
};

struct NameReference {
  ReferralTarget target;
  FieldSpec referrer;  ///< the field that holds the target's name, or a mapping with `name`
};

/// All of them, in the order in which kustomize follows them.
[[nodiscard]] std::vector<NameReference> name_references();

}  // namespace primocane

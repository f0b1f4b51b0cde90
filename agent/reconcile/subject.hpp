// SPDX-License-Identifier: Apache-2.0
// Subject: whom something is told of.
#pragma once

#include "base/ids.hpp"
#include "reconcile/kustomization_state.hpp"

#include <string>

namespace primocane {

/// A Kustomization, as events name it.
struct Subject {
  KustomizationName name;
  std::string revision;  ///< of what it desires, "" if there is none
  bool is_root = false;
};

/// Of one Kustomization.
[[nodiscard]] Subject subject_of(const KustomizationState& state);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "reconcile/subject.hpp"

namespace primocane {

Subject subject_of(const KustomizationState& state) {
  return {.name = state.spec.name,
          .revision = state.rendered ? state.rendered->revision : std::string(),
          .is_root = !state.container};
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Accumulation: what a kustomization has gathered so far (kustomize's ResAccumulator).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/transformer_config.hpp"
#include "render/unique_ids.hpp"

#include <optional>
#include <vector>

namespace primocane {

struct Accumulation {
  std::vector<Draft> drafts;
  SharedConfig config;
  /// The identities of `drafts`, once they were asked for; whoever changes some drops this.
  std::optional<UniqueIds> ids;

  /// Adds drafts at the end. `invalid` if one is there already.
  [[nodiscard]] Result<void> append(std::vector<Draft> more);
};

}  // namespace primocane

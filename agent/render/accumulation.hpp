// SPDX-License-Identifier: Apache-2.0
// Accumulation: what a kustomization has gathered so far (kustomize's ResAccumulator).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/transformer_config.hpp"
#include "render/unique_ids.hpp"
#include "render/vars.hpp"

#include <optional>
#include <vector>

namespace primocane {

struct Accumulation {
  std::vector<Draft> drafts;
  SharedConfig config;
  VarSet vars;
  /// The identities of `drafts`, once they were asked for; whoever changes some drops this.
  std::optional<UniqueIds> ids;

  /// Adds drafts at the end. `invalid` if one is there already.
  [[nodiscard]] Result<void> append(std::vector<Draft> more);
  /// `invalid` if two drafts are one, which components can make of them.
  [[nodiscard]] Result<void> require_unique();
  /// Adds the vars of the kustomization `file`, and finds the drafts that they read. `invalid` if
  /// one may read several, or is there already.
  [[nodiscard]] Result<void> add_vars(const std::vector<Var>& more, const std::string& file);
  /// Adds vars that have found their drafts. `invalid` if one is there already.
  [[nodiscard]] Result<void> merge_vars(const VarSet& more, const std::string& file);
};

}  // namespace primocane

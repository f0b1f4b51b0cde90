// SPDX-License-Identifier: Apache-2.0
#include "render/accumulation.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace primocane {

Result<void> Accumulation::require_unique() {
  if (ids) return {};
  ids.emplace();
  for (const Draft& draft : drafts) TRY(ids->add(draft));
  return {};
}

Result<void> Accumulation::append(std::vector<Draft> more) {
  TRY(require_unique());
  for (const Draft& draft : more) TRY(ids->add(draft));
  if (drafts.empty()) {
    drafts = std::move(more);
  } else {
    std::ranges::move(more, std::back_inserter(drafts));
  }
  return {};
}

Result<void> Accumulation::add_vars(const std::vector<Var>& more, const std::string& file) {
  TRY(match_vars(drafts, more, file));
  return vars.add(more, file);
}

Result<void> Accumulation::merge_vars(const VarSet& more, const std::string& file) {
  return vars.merge(more, file);
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "render/accumulation.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace primocane {

Result<void> Accumulation::append(std::vector<Draft> more) {
  if (!ids) {
    ids.emplace();
    for (const Draft& draft : drafts) TRY(ids->add(draft));
  }
  for (const Draft& draft : more) TRY(ids->add(draft));
  if (drafts.empty()) {
    drafts = std::move(more);
  } else {
    std::ranges::move(more, std::back_inserter(drafts));
  }
  return {};
}

}  // namespace primocane

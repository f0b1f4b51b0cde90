// SPDX-License-Identifier: Apache-2.0
#include "render/unique_ids.hpp"

#include <fmt/format.h>

namespace primocane {

Result<void> UniqueIds::add(const Draft& draft) {
  const auto [known, is_new] = places_.emplace(effective_id(draft.id), draft.origin);
  if (is_new) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{}: {} is defined twice, also at {}", to_string(draft.origin),
                          to_string(draft.id), to_string(known->second)));
}

}  // namespace primocane

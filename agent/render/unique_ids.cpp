// SPDX-License-Identifier: Apache-2.0
#include "render/unique_ids.hpp"

#include "render/draft.hpp"

#include <fmt/format.h>

namespace primocane {

Result<void> UniqueIds::add(const Resource& resource) {
  const auto [known, is_new] = places_.emplace(effective_id(resource), resource.origin);
  if (is_new) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{}: {} is defined twice, also at {}", to_string(resource.origin),
                          to_string(resource.id), to_string(known->second)));
}

}  // namespace primocane

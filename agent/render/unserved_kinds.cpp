// SPDX-License-Identifier: Apache-2.0
#include "render/unserved_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace primocane {

namespace {

bool is_of_flux(const Resource& resource) {
  const std::string_view group = resource.id.group;
  return group.ends_with(".toolkit.fluxcd.io") || group == "fluxcd.controlplane.io";
}

}  // namespace

Result<void> refuse_unserved_kinds(const std::vector<Resource>& resources) {
  const auto found = std::ranges::find_if(resources, is_of_flux);
  if (found == resources.end()) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{}: {}: objects of {} are not supported yet", to_string(found->origin),
                          to_string(found->id), found->id.group));
}

}  // namespace primocane

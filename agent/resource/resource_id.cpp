// SPDX-License-Identifier: Apache-2.0
#include "resource/resource_id.hpp"

#include "resource/names.hpp"

#include <fmt/format.h>

namespace primocane {

std::string to_string(const GroupKind& group_kind) {
  if (group_kind.group.empty()) return group_kind.kind;
  return fmt::format("{}.{}", group_kind.kind, group_kind.group);
}

std::string to_string(const ResourceId& id) {
  if (id.namespace_name.empty()) return fmt::format("{}/{}", id.kind, id.name);
  return fmt::format("{}/{}/{}", id.kind, id.namespace_name, id.name);
}

Result<ApiVersion> ApiVersion::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const bool has_group = slash != std::string_view::npos;
  const std::string_view group = has_group ? text.substr(0, slash) : std::string_view();
  const std::string_view version = has_group ? text.substr(slash + 1) : text;
  if (!is_api_name(version) || (has_group && !is_api_name(group))) {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is no apiVersion: expected \"version\" or \"group/version\"",
                            text.substr(0, 100)));
  }
  return ApiVersion{.group = std::string(group), .version = std::string(version)};
}

std::string to_string(const ApiVersion& version) {
  if (version.group.empty()) return version.version;
  return fmt::format("{}/{}", version.group, version.version);
}

}  // namespace primocane

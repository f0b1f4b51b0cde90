// SPDX-License-Identifier: Apache-2.0
#include "cli/object_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace primocane {

namespace {

std::vector<std::string> split_reference(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t slash = text.find('/');
    parts.emplace_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace

Result<ObjectReference> parse_object_reference(std::string_view text,
                                               std::string_view namespace_name) {
  const std::vector<std::string> parts = split_reference(text);
  const bool fits = (parts.size() == 2 || parts.size() == 3) &&
                    std::ranges::none_of(parts, &std::string::empty) &&
                    !parts.front().starts_with('.');
  if (!fits) {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" names no object: expected KIND/NAME, as Deployment/web, "
                            "KIND.GROUP/NAME or KIND/NAMESPACE/NAME",
                            text));
  }
  ObjectReference reference{
      .kind = parts.front(), .name = parts.back(), .namespace_name = std::string(namespace_name)};
  if (parts.size() == 2) return reference;
  if (!namespace_name.empty() && namespace_name != parts[1]) {
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is in namespace {}, but --namespace is {}",
                                                text, parts[1], namespace_name));
  }
  reference.namespace_name = parts[1];
  return reference;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "flux/registry_fields.hpp"

#include <fmt/format.h>

#include <array>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 4> registry_providers{"generic", "aws", "azure", "gcp"};

}  // namespace

std::string named_secret(SpecReader& reader, std::string_view key) {
  SpecReader reference = reader.mapping(key);
  return reference.is_there() ? reference.required_text("name") : std::string();
}

void refuse_cloud_provider(SpecReader& reader) {
  const std::string provider = reader.word("provider", registry_providers);
  if (provider.empty() || provider == "generic") return;
  reader.wrong("provider", fmt::format("{} is not supported: set secretRef to a Secret with a "
                                       "login, and remove it",
                                       provider));
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Fields that Flux's kinds about registries have in common.
#pragma once

#include "flux/spec_reader.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// The name in a reference to a Secret of the object's namespace, "" if there is no reference.
[[nodiscard]] std::string named_secret(SpecReader& reader, std::string_view key);

/// Reads `provider`. Another one than "generic" is noted: it logs in with the identity that a
/// cloud gives its machines, which a board at home has not.
void refuse_cloud_provider(SpecReader& reader);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The fields that a kustomization file may have (api/types/kustomization.go of kustomize 5.8.1).
#pragma once

#include <string_view>

namespace primocane {

/// The field that `key` means, as kustomize writes it, or "" if there is none: any case of letters
/// is taken, as Go's JSON does.
[[nodiscard]] std::string_view field_called(std::string_view key);

/// The served field that was probably meant by the unknown `key`, or "".
[[nodiscard]] std::string_view field_meant(std::string_view key);

/// Whether `field` (one of kustomize's) does here what it does there.
[[nodiscard]] bool is_served_field(std::string_view field);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The fields that a kustomization file may have.
#pragma once

#include <span>
#include <string_view>

namespace primocane {

/// Their names, as in api/types/kustomization.go of kustomize 5.8.1.
[[nodiscard]] std::span<const std::string_view> kustomization_fields();

}  // namespace primocane

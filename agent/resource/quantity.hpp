// SPDX-License-Identifier: Apache-2.0
// Quantities of Kubernetes ("100m", "1Gi", "1e3"), which the API server writes in another form than
// people do.
#pragma once

#include <string_view>

namespace primocane {

/// Whether both texts are quantities of the same amount (k8s.io/apimachinery api/resource,
/// ParseQuantity). Those of more than some
/// 10^29 units count as different from all others.
[[nodiscard]] bool is_same_quantity(std::string_view one, std::string_view other);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// What tells this machine from others, as the kernel says it.
#pragma once

#include <string>

namespace primocane {

/// The host's name in lower case, as K3s names a Node after it.
[[nodiscard]] std::string host_name();

/// Of the running kernel: another one after each boot; "" where it can't be read. Containers of one
/// machine share it.
[[nodiscard]] std::string boot_id();

}  // namespace primocane

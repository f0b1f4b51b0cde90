// SPDX-License-Identifier: Apache-2.0
// What tells this machine from others, as the kernel says it.
#pragma once

#include <string>

namespace primocane {

/// The host's name in lower case, as K3s names a Node after it.
[[nodiscard]] std::string host_name();

/// What /etc/machine-id says (machine-id(5)); "" where there is none.
[[nodiscard]] std::string machine_id();

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The address of a UNIX socket that has a path.
#pragma once

#include "base/error.hpp"

#include <string>
#include <sys/un.h>

namespace primocane {

/// `invalid` when `path` is longer than the system allows for a socket.
[[nodiscard]] Result<sockaddr_un> socket_address(const std::string& path);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "host/socket_address.hpp"

#include <fmt/format.h>

#include <cstring>
#include <sys/socket.h>

namespace primocane {

Result<sockaddr_un> socket_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return fail(ErrorKind::invalid, fmt::format("{}: longer than a socket's path may be", path));
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

}  // namespace primocane

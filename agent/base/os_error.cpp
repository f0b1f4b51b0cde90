// SPDX-License-Identifier: Apache-2.0
#include "base/os_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace primocane {

std::string describe_errno(int error_number) {
  return std::generic_category().message(error_number);
}

Error os_error(std::string_view what, int error_number) {
  ErrorKind kind = ErrorKind::unavailable;
  switch (error_number) {
    case EACCES:
    case EPERM:
    case EROFS:
      kind = ErrorKind::denied;
      break;
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
      kind = ErrorKind::invalid;
      break;
    default:
      break;
  }
  return Error{kind, fmt::format("{}: {}", what, describe_errno(error_number))};
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <fmt/format.h>

namespace primocane {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::denied:
      return "denied";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::cancelled:
      return "cancelled";
  }
  return "invalid";
}

std::optional<ErrorKind> error_kind_of(std::string_view word) {
  for (const ErrorKind kind : {ErrorKind::invalid, ErrorKind::denied, ErrorKind::conflict,
                               ErrorKind::unavailable, ErrorKind::cancelled}) {
    if (word == to_string(kind)) return kind;
  }
  return std::nullopt;
}

Error with_context(std::string_view phrase, Error error) {
  error.message = fmt::format("{}: {}", phrase, error.message);
  return error;
}

}  // namespace primocane

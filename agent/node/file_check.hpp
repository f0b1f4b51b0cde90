// SPDX-License-Identifier: Apache-2.0
// The files that the configuration names: there, not empty, and read by nobody else.
#pragma once

#include "base/error.hpp"
#include "base/secrecy.hpp"
#include "node/finding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// What was found of a file, without its content.
struct FileFacts {
  std::string key;  ///< of the configuration: "git.authentication.tokenFile"
  std::string path;
  Secrecy secrecy = Secrecy::open;
  std::optional<Error> error;  ///< why it can't be read
  bool is_empty = false;       ///< but for white space
  std::uint32_t mode = 0;      ///< permission bits
};

/// What is wrong with a file, or nothing.
[[nodiscard]] std::optional<Finding> examine_file(const FileFacts& file);

}  // namespace primocane

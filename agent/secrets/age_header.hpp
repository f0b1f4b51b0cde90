// SPDX-License-Identifier: Apache-2.0
// The header of an age file (age-encryption.org/v1): for whom it is encrypted.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The file's key, wrapped for one recipient.
struct AgeStanza {
  std::string type;  ///< "X25519", "scrypt", "mlkem768x25519" ...
  std::vector<std::string> arguments;
  std::string body;
};

struct AgeHeader {
  std::vector<AgeStanza> stanzas;
  std::string mac;
  std::size_t covered = 0;  ///< bytes at the beginning of the file that the MAC is over
  std::size_t size = 0;     ///< of the header: the payload follows
};

/// The header at the beginning of `file`. `invalid`, without any of the text, if it is not exactly
/// what age writes, or has more than 100 stanzas or 64 KiB.
[[nodiscard]] Result<AgeHeader> read_age_header(std::string_view file);

}  // namespace primocane

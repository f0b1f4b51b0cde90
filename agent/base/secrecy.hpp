// SPDX-License-Identifier: Apache-2.0
// Who may read a file that the configuration names.
#pragma once

#include <cstdint>

namespace primocane {

enum class Secrecy : std::uint8_t {
  open,     ///< everybody
  secret,   ///< not everybody: one that is open to all is refused
  ssh_key,  ///< its owner alone: ssh(1) refuses it otherwise
};

}  // namespace primocane

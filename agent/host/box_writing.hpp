// SPDX-License-Identifier: Apache-2.0
// Whether what runs in a box may change the files of its folder.
#pragma once

#include <cstdint>

namespace primocane {

enum class BoxWriting : std::uint8_t {
  refuse,  ///< files can only be opened for reading
  allow,   ///< files may be made, written, renamed and removed
};

}  // namespace primocane

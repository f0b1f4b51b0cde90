// SPDX-License-Identifier: Apache-2.0
// The ASCII armor of age files (age-encryption.org/v1, "ASCII armor"): strict PEM.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// Whether `text` begins as an armored file does, after white space.
[[nodiscard]] bool is_armored(std::string_view text);

/// The bytes inside of the armor. `invalid`, without any of the text, if it is not exactly what age
/// writes: lines of 64 letters, the last one shorter, strict base64, nothing around it but a little
/// white space.
[[nodiscard]] Result<std::string> read_armor(std::string_view text);

/// The bytes behind strict base64: no line ends, no bits left over. With padding, or (as in the
/// header of age files) without.
enum class Padding : bool { none, required };
[[nodiscard]] Result<std::string> strict_base64(std::string_view text, Padding padding);

}  // namespace primocane

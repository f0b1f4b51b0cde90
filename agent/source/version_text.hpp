// SPDX-License-Identifier: Apache-2.0
// The parts of a semantic version where it stands in a text, alone or in a range.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace primocane {

/// What may stand for a version's number.
enum class VersionDigits : std::uint8_t {
  decimal,       ///< looseSemVerRegex of Masterminds/semver
  or_wildcards,  ///< its cvRegex: also "x", "X", "*" and, by an oversight, "|"
};

/// Parts of the text that was scanned; "" for what is missing.
struct VersionText {
  std::string_view major_part;
  std::string_view minor_part;
  std::string_view patch_part;
  std::string_view prerelease;
  std::string_view build;
  std::size_t size = 0;  ///< of the whole, from the beginning of the text
};

/// The longest version at the beginning of `text`; nothing if there is none.
[[nodiscard]] std::optional<VersionText> scan_version(std::string_view text, VersionDigits digits);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Patterns of names: "*", "?" and "[a-z]", in which "*" takes "/" as well (fluxcd/pkg envsubst,
// path/match.go); for a text without "/" Go's filepath.Match.
#pragma once

#include <cstdint>
#include <string_view>

namespace primocane {

enum class GlobMatch : std::uint8_t {
  no,
  yes,
  bad_pattern,  ///< as far as it was looked at
  given_up,     ///< too many steps
};

/// Whether `pattern` matches all of `text`. Each comparison takes one of `steps_left`.
[[nodiscard]] GlobMatch match_glob(std::string_view pattern, std::string_view text,
                                   std::uint64_t& steps_left);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// IgnorePattern: a line of .sourceignore or of a source's spec.ignore, in the form of .gitignore as
// Flux reads it (fluxcd/pkg, sourceignore/gitignore), which is not in all as git does.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What a pattern says about a path that it matches.
enum class IgnoreVerdict : std::uint8_t { leave_out, keep };

class IgnorePattern {
 public:
  /// Any line is one: what is no pattern matches nothing.
  [[nodiscard]] static IgnorePattern parse(std::string_view line);

  /// `path` has the components of a path as it is seen from the folder that the pattern is of.
  /// Nothing if it does not match.
  [[nodiscard]] std::optional<IgnoreVerdict> match(std::span<const std::string_view> path,
                                                   bool is_folder) const;

 private:
  [[nodiscard]] bool matches_name(std::span<const std::string_view> path, bool is_folder) const;
  [[nodiscard]] bool matches_path(std::span<const std::string_view> path, bool is_folder) const;

  std::vector<std::string> components_;
  bool is_keeping_ = false;
  bool is_for_folders_ = false;
};

using IgnorePatterns = std::vector<IgnorePattern>;

/// The patterns of `text`, one per line, without those that are blank or begin with "#". `invalid`
/// for more than ignore_patterns_max, or a line that is longer than ignore_line_max.
[[nodiscard]] Result<IgnorePatterns> read_ignore_patterns(std::string_view text);

inline constexpr std::size_t ignore_patterns_max = 10'000;
inline constexpr std::size_t ignore_line_max = 64UL * 1024;  // as Flux's reader of lines

/// What is never part of a source: Git's own files.
[[nodiscard]] IgnorePatterns version_control_patterns();
/// What is left out of a source that has no pattern of its own, beside those.
[[nodiscard]] IgnorePatterns default_ignore_patterns();

}  // namespace primocane

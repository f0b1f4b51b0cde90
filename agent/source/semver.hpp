// SPDX-License-Identifier: Apache-2.0
// Semantic versions and ranges of them, exactly as the Go module that Flux and Helm use takes them:
// github.com/Masterminds/semver v3.5.0 (version.go, constraints.go).
#pragma once

#include "base/error.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A version: "1.2.3-rc.1+build.5".
class SemanticVersion {
 public:
  /// Takes also "v1.2.3", "1.2", "1" and numbers with leading zeros (NewVersion). `invalid` for
  /// anything else, for numbers beyond 64 bits and for more than 256 bytes.
  [[nodiscard]] static Result<SemanticVersion> parse(std::string_view text);
  /// Takes only what the specification does (StrictNewVersion).
  [[nodiscard]] static Result<SemanticVersion> parse_strict(std::string_view text);
  /// Takes what parse() does if it has at least two dots: how Flux reads tags
  /// (fluxcd/pkg version/version.go, ParseVersion).
  [[nodiscard]] static Result<SemanticVersion> parse_tag(std::string_view text);

  [[nodiscard]] std::uint64_t major_number() const { return major_; }
  [[nodiscard]] std::uint64_t minor_number() const { return minor_; }
  [[nodiscard]] std::uint64_t patch_number() const { return patch_; }
  /// "rc.1"; "" for a release.
  [[nodiscard]] const std::string& prerelease() const { return prerelease_; }
  /// "build.5"; tells nothing about which version is newer.
  [[nodiscard]] const std::string& build() const { return build_; }
  /// The text that was parsed.
  [[nodiscard]] const std::string& original() const { return original_; }
  /// In the canonical form: three numbers, no "v".
  [[nodiscard]] std::string str() const;

 private:
  SemanticVersion() = default;

  std::uint64_t major_ = 0;
  std::uint64_t minor_ = 0;
  std::uint64_t patch_ = 0;
  std::string prerelease_;
  std::string build_;
  std::string original_;
};

/// Which of two versions is newer: a prerelease is older than its release, builds do not count.
[[nodiscard]] std::weak_ordering compare(const SemanticVersion& left, const SemanticVersion& right);

/// How a condition of a range compares.
enum class VersionOperator : std::uint8_t {
  equal,  ///< "=", or none at all; with a wildcard it means `tilde`
  not_equal,
  greater,
  less,
  greater_or_equal,
  less_or_equal,
  tilde,
  caret,
};

/// One condition of a range: "^1.2".
struct VersionCondition {
  VersionOperator operation = VersionOperator::equal;
  SemanticVersion bound;            ///< with 0 for what is missing
  bool has_wildcard = false;        ///< one of the numbers is missing or "x"
  bool has_wildcard_minor = false;  ///< the second is the first such
  bool has_wildcard_patch = false;  ///< the third is
};

/// A range of versions: ">=1.2.0 <2.0.0 || ^3.1", "1.x", "~2.4", "1.2 - 1.4", "*".
class VersionRange {
 public:
  /// `invalid` for what is no range, for more than 512 bytes or 32 alternatives.
  [[nodiscard]] static Result<VersionRange> parse(std::string_view text);

  /// Whether `version` lies in it. A prerelease does only in alternatives that name one.
  [[nodiscard]] bool contains(const SemanticVersion& version) const;

 private:
  /// Conditions that hold together.
  struct Alternative {
    std::vector<VersionCondition> conditions;
    bool takes_prereleases = false;
  };

  VersionRange() = default;
  [[nodiscard]] static Result<Alternative> parse_alternative(std::string_view text);

  std::vector<Alternative> alternatives_;
};

}  // namespace primocane

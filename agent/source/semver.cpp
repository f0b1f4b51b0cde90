// SPDX-License-Identifier: Apache-2.0
#include "source/semver.hpp"

#include "base/take_until.hpp"
#include "source/printable.hpp"
#include "source/version_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace primocane {

namespace {

constexpr std::size_t version_size_max = 256;  // MaxVersionLen

std::unexpected<Error> no_version(std::string_view text, std::string_view reason) {
  return fail(ErrorKind::invalid,
              fmt::format("\"{}\" is no semantic version: {}", printable(text, 64), reason));
}

bool is_decimal(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// strconv.ParseUint with base 10.
std::optional<std::uint64_t> number_in(std::string_view digits) {
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [parsed_to, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc() || parsed_to != end) return std::nullopt;
  return number;
}

// validatePrerelease; which characters there are, the scanner has seen.
bool has_leading_zero(std::string_view prerelease) {
  while (!prerelease.empty()) {
    const std::string_view part = take_until(prerelease, '.');
    if (part.size() > 1 && part.front() == '0' && is_decimal(part)) return true;
  }
  return false;
}

// comparePrePart: numbers are older than words. A part that is missing is "".
std::weak_ordering compare_parts(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return left.size() <=> right.size();
  const std::optional<std::uint64_t> left_number = number_in(left);
  const std::optional<std::uint64_t> right_number = number_in(right);
  if (left_number && right_number) return *left_number <=> *right_number;
  if (left_number) return std::weak_ordering::less;
  if (right_number) return std::weak_ordering::greater;
  return left <=> right;
}

std::weak_ordering compare_prereleases(std::string_view left, std::string_view right) {
  while (!left.empty() || !right.empty()) {
    const std::weak_ordering order = compare_parts(take_until(left, '.'), take_until(right, '.'));
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace

Result<SemanticVersion> SemanticVersion::parse(std::string_view text) {
  if (text.size() > version_size_max) return no_version(text, "it is longer than 256 bytes");
  const std::optional<VersionText> found = scan_version(text, VersionDigits::decimal);
  if (!found || found->size != text.size()) {
    return no_version(text, "expected one such as 1.2.3 or v1.2.3-rc.1");
  }
  if (has_leading_zero(found->prerelease)) {
    return no_version(text, "a number of its prerelease begins with 0");
  }
  const auto number = [](std::string_view digits) {
    return digits.empty() ? std::optional<std::uint64_t>(0) : number_in(digits);
  };
  const auto major_number = number(found->major_part);
  const auto minor_number = number(found->minor_part);
  const auto patch_number = number(found->patch_part);
  if (!major_number || !minor_number || !patch_number) {
    return no_version(text, "a number is too large");
  }
  SemanticVersion version;
  version.major_ = *major_number;
  version.minor_ = *minor_number;
  version.patch_ = *patch_number;
  version.prerelease_ = found->prerelease;
  version.build_ = found->build;
  version.original_ = text;
  return version;
}

Result<SemanticVersion> SemanticVersion::parse_strict(std::string_view text) {
  SemanticVersion version = TRY(parse(text));
  const VersionText found = *scan_version(text, VersionDigits::decimal);
  if (text.starts_with('v')) return no_version(text, "it begins with \"v\"");
  if (found.patch_part.empty()) return no_version(text, "expected three numbers");
  for (const std::string_view part : {found.major_part, found.minor_part, found.patch_part}) {
    if (part.size() > 1 && part.front() == '0') {
      return no_version(text, "a number begins with 0");
    }
  }
  return version;
}

Result<SemanticVersion> SemanticVersion::parse_tag(std::string_view text) {
  if (std::ranges::count(text, '.') < 2) return no_version(text, "expected three numbers");
  return parse(text);
}

std::string SemanticVersion::str() const {
  return fmt::format("{}.{}.{}{}{}{}{}", major_, minor_, patch_, prerelease_.empty() ? "" : "-",
                     prerelease_, build_.empty() ? "" : "+", build_);
}

std::weak_ordering compare(const SemanticVersion& left, const SemanticVersion& right) {
  if (const auto order = left.major_number() <=> right.major_number(); order != 0) return order;
  if (const auto order = left.minor_number() <=> right.minor_number(); order != 0) return order;
  if (const auto order = left.patch_number() <=> right.patch_number(); order != 0) return order;
  if (left.prerelease().empty() || right.prerelease().empty()) {
    return left.prerelease().empty() <=> right.prerelease().empty();
  }
  return compare_prereleases(left.prerelease(), right.prerelease());
}

}  // namespace primocane

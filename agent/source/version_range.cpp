// SPDX-License-Identifier: Apache-2.0
// VersionRange: Masterminds/semver's constraints.go, without its regular expressions.
#include "source/printable.hpp"
#include "source/semver.hpp"
#include "source/version_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace primocane {

namespace {

constexpr std::size_t range_size_max = 512;            // MaxConstraintLen
constexpr std::size_t alternatives_max = 32;           // MaxConstraintGroups
constexpr std::string_view white_space = "\t\n\f\r ";  // \s of Go's regular expressions

std::unexpected<Error> no_range(std::string_view text, std::string_view reason) {
  return fail(ErrorKind::invalid,
              fmt::format("\"{}\" is no range of versions: {}", printable(text, 64), reason));
}

std::size_t end_of_space(std::string_view text, std::size_t begin) {
  return std::min(text.find_first_not_of(white_space, begin), text.size());
}

// "1.2 - 1.4" in a range.
struct HyphenRange {
  std::string_view whole;  // with the white space around it
  std::string_view from;
  std::string_view to;
};

// constraintRangeRegex, where `text` begins at `begin`.
std::optional<HyphenRange> hyphen_range_at(std::string_view text, std::size_t begin) {
  const std::size_t from_begin = end_of_space(text, begin);
  const auto from = scan_version(text.substr(from_begin), VersionDigits::or_wildcards);
  if (!from) return std::nullopt;
  const std::size_t from_end = from_begin + from->size;
  const std::size_t hyphen = end_of_space(text, from_end);
  if (hyphen == from_end || hyphen == text.size() || text[hyphen] != '-') return std::nullopt;
  const std::size_t to_begin = end_of_space(text, hyphen + 1);
  if (to_begin == hyphen + 1) return std::nullopt;
  const auto to = scan_version(text.substr(to_begin), VersionDigits::or_wildcards);
  if (!to) return std::nullopt;
  const std::size_t end = end_of_space(text, to_begin + to->size);
  return HyphenRange{.whole = text.substr(begin, end - begin),
                     .from = text.substr(from_begin, from->size),
                     .to = text.substr(to_begin, to->size)};
}

// rewriteRange: "1.2 - 1.4" is ">= 1.2, <= 1.4". Each is replaced where its text is met first.
std::string without_hyphens(std::string_view text) {
  std::string rewritten(text);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::optional<HyphenRange> range = hyphen_range_at(text, at);
    if (!range) {
      ++at;
      continue;
    }
    const std::size_t place = rewritten.find(range->whole);
    if (place != std::string::npos) {
      rewritten.replace(place, range->whole.size(),
                        fmt::format(">= {}, <= {} ", range->from, range->to));
    }
    at += range->whole.size();
  }
  return rewritten;
}

bool is_wildcard(std::string_view part) { return part == "x" || part == "X" || part == "*"; }

std::optional<VersionOperator> operator_named(std::string_view text) {
  using enum VersionOperator;
  if (text.empty() || text == "=") return equal;
  if (text == "!=") return not_equal;
  if (text == ">") return greater;
  if (text == "<") return less;
  if (text == ">=" || text == "=>") return greater_or_equal;
  if (text == "<=" || text == "=<") return less_or_equal;
  if (text == "~" || text == "~>") return tilde;
  if (text == "^") return caret;
  return std::nullopt;
}

// parseConstraint, for the version `whole`. A version with wildcards loses its build.
Result<VersionCondition> condition_of(VersionOperator operation, std::string_view whole,
                                      const VersionText& parts) {
  const std::string tail =
      parts.prerelease.empty() ? std::string() : fmt::format("-{}", parts.prerelease);
  std::string bound(whole);
  bool has_wildcard = true;
  bool has_wildcard_minor = false;
  bool has_wildcard_patch = false;
  if (is_wildcard(parts.major_part)) {
    bound = fmt::format("0.0.0{}", tail);
  } else if (parts.minor_part.empty() || is_wildcard(parts.minor_part)) {
    has_wildcard_minor = true;
    bound = fmt::format("{}.0.0{}", parts.major_part, tail);
  } else if (parts.patch_part.empty() || is_wildcard(parts.patch_part)) {
    has_wildcard_patch = true;
    bound = fmt::format("{}.{}.0{}", parts.major_part, parts.minor_part, tail);
  } else {
    has_wildcard = false;
  }
  SemanticVersion version = TRY(SemanticVersion::parse(bound));
  return VersionCondition{.operation = operation,
                          .bound = std::move(version),
                          .has_wildcard = has_wildcard,
                          .has_wildcard_minor = has_wildcard_minor,
                          .has_wildcard_patch = has_wildcard_patch};
}

// constraintNotEqual.
bool differs(const VersionCondition& condition, const SemanticVersion& version) {
  const SemanticVersion& bound = condition.bound;
  if (condition.has_wildcard) {
    if (bound.major_number() != version.major_number()) return true;
    if (condition.has_wildcard_minor) return false;
    if (bound.minor_number() != version.minor_number()) return true;
    if (condition.has_wildcard_patch) return version.prerelease() != bound.prerelease();
    if (bound.patch_number() != version.patch_number()) return true;
  }
  return compare(version, bound) != 0;
}

// constraintGreaterThan: 11.1 is not greater than 11.
bool is_beyond(const VersionCondition& condition, const SemanticVersion& version) {
  const SemanticVersion& bound = condition.bound;
  if (!condition.has_wildcard || version.major_number() == bound.major_number()) {
    if (condition.has_wildcard_minor) return false;
    if (condition.has_wildcard_patch) return version.minor_number() > bound.minor_number();
    return compare(version, bound) > 0;
  }
  return version.major_number() > bound.major_number();
}

// constraintLessThanEqual: 11.1 is less than or equal to 11.
bool is_up_to(const VersionCondition& condition, const SemanticVersion& version) {
  const SemanticVersion& bound = condition.bound;
  if (!condition.has_wildcard) return compare(version, bound) <= 0;
  if (version.major_number() != bound.major_number()) {
    return version.major_number() < bound.major_number();
  }
  return condition.has_wildcard_minor || version.minor_number() <= bound.minor_number();
}

// constraintTilde: what differs in its last given number, from the second on. ~0.0.0 takes all.
bool is_near(const VersionCondition& condition, const SemanticVersion& version) {
  const SemanticVersion& bound = condition.bound;
  if (compare(version, bound) < 0) return false;
  const bool is_zero =
      bound.major_number() == 0 && bound.minor_number() == 0 && bound.patch_number() == 0;
  if (is_zero && !condition.has_wildcard_minor && !condition.has_wildcard_patch) return true;
  if (version.major_number() != bound.major_number()) return false;
  return condition.has_wildcard_minor || version.minor_number() == bound.minor_number();
}

// constraintCaret: what does not change the first number that is not 0.
bool is_compatible(const VersionCondition& condition, const SemanticVersion& version) {
  const SemanticVersion& bound = condition.bound;
  if (compare(version, bound) < 0) return false;
  if (version.major_number() != bound.major_number()) return false;
  if (bound.major_number() > 0 || condition.has_wildcard_minor) return true;
  if (version.minor_number() != bound.minor_number()) return false;
  if (bound.minor_number() > 0 || condition.has_wildcard_patch) return true;
  return version.patch_number() == bound.patch_number();
}

bool holds(const VersionCondition& condition, const SemanticVersion& version) {
  switch (condition.operation) {
    case VersionOperator::equal:
      return condition.has_wildcard ? is_near(condition, version)
                                    : compare(version, condition.bound) == 0;
    case VersionOperator::not_equal:
      return differs(condition, version);
    case VersionOperator::greater:
      return is_beyond(condition, version);
    case VersionOperator::less:
      return compare(version, condition.bound) < 0;
    case VersionOperator::greater_or_equal:
      return compare(version, condition.bound) >= 0;
    case VersionOperator::less_or_equal:
      return is_up_to(condition, version);
    case VersionOperator::tilde:
      return is_near(condition, version);
    case VersionOperator::caret:
      return is_compatible(condition, version);
  }
  return false;
}

}  // namespace

Result<VersionRange> VersionRange::parse(std::string_view text) {
  if (text.size() > range_size_max) return no_range(text, "it is longer than 512 bytes");
  const std::string rewritten = without_hyphens(text);
  VersionRange range;
  std::size_t begin = 0;
  while (begin <= rewritten.size()) {
    const std::size_t end = std::min(rewritten.find("||", begin), rewritten.size());
    if (range.alternatives_.size() == alternatives_max) {
      return no_range(text, "it has more than 32 alternatives");
    }
    Result<Alternative> alternative =
        parse_alternative(std::string_view(rewritten).substr(begin, end - begin));
    if (!alternative) return no_range(text, alternative.error().message);
    range.alternatives_.push_back(std::move(*alternative));
    begin = end + 2;
  }
  return range;
}

Result<VersionRange::Alternative> VersionRange::parse_alternative(std::string_view text) {
  constexpr std::string_view expected =
      "expected one such as \">=1.2.0 <2.0.0\", \"^1.2\" or \"1.x\"";
  Alternative alternative;
  std::size_t at = end_of_space(text, 0);
  while (true) {
    const std::size_t operator_end = std::min(text.find_first_not_of("=!<>~^", at), text.size());
    const auto operation = operator_named(text.substr(at, operator_end - at));
    const std::size_t begin = end_of_space(text, operator_end);
    const auto parts = scan_version(text.substr(begin), VersionDigits::or_wildcards);
    if (!operation || !parts) return fail(ErrorKind::invalid, std::string(expected));
    VersionCondition condition =
        TRY(condition_of(*operation, text.substr(begin, parts->size), *parts));
    if (!condition.bound.prerelease().empty()) alternative.takes_prereleases = true;
    alternative.conditions.push_back(std::move(condition));
    const std::size_t end = begin + parts->size;
    at = end_of_space(text, end);
    if (at == text.size()) return alternative;
    if (text[at] == ',') {
      at = end_of_space(text, at + 1);
    } else if (at == end) {
      return fail(ErrorKind::invalid, std::string(expected));
    }
  }
}

bool VersionRange::contains(const SemanticVersion& version) const {
  return std::ranges::any_of(alternatives_, [&](const Alternative& alternative) {
    if (!version.prerelease().empty() && !alternative.takes_prereleases) return false;
    return std::ranges::all_of(alternative.conditions, [&](const VersionCondition& condition) {
      return holds(condition, version);
    });
  });
}

}  // namespace primocane

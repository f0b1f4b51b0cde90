// SPDX-License-Identifier: Apache-2.0
#include "source/version_choice.hpp"

#include "document/regular_expression.hpp"
#include "document/rfc3339.hpp"
#include "source/oci_manifest.hpp"
#include "source/printable.hpp"
#include "source/semver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <optional>
#include <utility>

namespace primocane {

namespace {

std::unexpected<Error> no_match(std::string_view range, std::size_t count) {
  return fail(ErrorKind::invalid, fmt::format("none of its {} versions is in the range \"{}\"",
                                              count, printable(range, 100)));
}

// The range that Helm and Flux mean: nothing at all is "*", which takes no prereleases.
Result<VersionRange> chart_range(std::string_view range) {
  return VersionRange::parse(range.empty() ? std::string_view("*") : range);
}

std::string replaced(std::string text, char from, char to) {
  std::ranges::replace(text, from, to);
  return text;
}

// A time that can't be read is the oldest, as Go's zero time.
Instant created_at(const ChartEntry& entry) {
  constexpr Instant year_one{.seconds = -62'135'596'800, .nanoseconds = 0};
  return parse_rfc3339(entry.created).value_or(year_one);
}

}  // namespace

Result<std::string> choose_tag(const std::vector<std::string>& tags, const TagWish& wish) {
  const Result<VersionRange> range = VersionRange::parse(wish.range);
  if (!range) return std::unexpected(with_context("spec.ref.semver", range.error()));
  std::optional<RegularExpression> filter;
  if (!wish.filter.empty()) {
    Result<RegularExpression> compiled = RegularExpression::compile(wish.filter);
    if (!compiled) {
      return std::unexpected(with_context("spec.ref.semverFilter", compiled.error()));
    }
    filter = std::move(*compiled);
  }
  const bool is_chart = wish.media_type == chart_layer_type;
  std::optional<SemanticVersion> latest;
  for (const std::string& tag : tags) {
    if (filter && !filter->is_found_in(tag)) continue;
    Result<SemanticVersion> version =
        SemanticVersion::parse_tag(is_chart ? replaced(tag, '_', '+') : tag);
    if (!version || !range->contains(*version)) continue;
    if (!latest || std::is_gt(compare(*version, *latest))) latest = std::move(*version);
  }
  if (!latest) return no_match(wish.range, tags.size());
  return is_chart ? replaced(latest->original(), '+', '_') : latest->original();
}

bool is_one_version(std::string_view range) {
  return SemanticVersion::parse_tag(range).has_value();
}

Result<std::string> choose_chart_tag(const std::vector<std::string>& tags, std::string_view range) {
  const auto is_exact = [range](const std::string& tag) {
    return replaced(tag, '_', '+') == range;
  };
  if (std::ranges::any_of(tags, is_exact)) return std::string(range);
  const VersionRange wanted = TRY(chart_range(range));
  std::optional<SemanticVersion> latest;
  for (const std::string& tag : tags) {
    Result<SemanticVersion> version = SemanticVersion::parse_tag(replaced(tag, '_', '+'));
    if (!version || !wanted.contains(*version)) continue;
    if (!latest || std::is_gt(compare(*version, *latest))) latest = std::move(*version);
  }
  if (!latest) return no_match(range, tags.size());
  return latest->original();
}

Result<ChartEntry> choose_chart_entry(const std::vector<ChartEntry>& entries,
                                      std::string_view range) {
  const auto exact = std::ranges::find(entries, range, &ChartEntry::version);
  if (!range.empty() && exact != entries.end()) return *exact;
  const VersionRange wanted = TRY(chart_range(range));
  const ChartEntry* latest = nullptr;
  std::optional<SemanticVersion> latest_version;
  for (const ChartEntry& entry : entries) {
    Result<SemanticVersion> version = SemanticVersion::parse_tag(entry.version);
    if (!version || !wanted.contains(*version)) continue;
    if (latest != nullptr) {
      const std::weak_ordering order = compare(*version, *latest_version);
      const bool is_later = std::is_eq(order) && created_at(entry) > created_at(*latest);
      if (!std::is_gt(order) && !is_later) continue;
    }
    latest = &entry;
    latest_version = std::move(*version);
  }
  if (latest == nullptr) return no_match(range, entries.size());
  return *latest;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "source/ignore_pattern.hpp"

#include "base/trimmed.hpp"
#include "document/glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace primocane {

namespace {

constexpr std::string_view any_folders = "**";

// fluxcd/pkg, sourceignore/sourceignore.go.
constexpr std::array<std::string_view, 4> version_control_lines{".git/", ".gitignore",
                                                                ".gitmodules", ".gitattributes"};
constexpr std::array<std::string_view, 20> default_lines{"*.jpg",
                                                         "*.jpeg",
                                                         "*.gif",
                                                         "*.png",
                                                         "*.wmv",
                                                         "*.flv",
                                                         "*.tar.gz",
                                                         "*.zip",
                                                         ".github/",
                                                         ".circleci/",
                                                         ".travis.yml",
                                                         ".gitlab-ci.yml",
                                                         "appveyor.yml",
                                                         ".drone.yml",
                                                         "cloudbuild.yaml",
                                                         "codeship-services.yml",
                                                         "codeship-steps.yml",
                                                         "**/.goreleaser.yml",
                                                         "**/.sops.yaml",
                                                         "**/.flux.yaml"};

IgnorePatterns patterns_of_lines(std::span<const std::string_view> lines) {
  IgnorePatterns patterns;
  patterns.reserve(lines.size());
  for (const std::string_view line : lines) patterns.push_back(IgnorePattern::parse(line));
  return patterns;
}

// A name has no "/", so that "*" takes what it takes in Go's filepath.Match. No comparison goes
// back over more than one star; the box that this runs in has its limit of time.
bool matches_glob(std::string_view pattern, std::string_view name) {
  std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();
  return match_glob(pattern, name, steps) == GlobMatch::yes;
}

std::vector<std::string> split_path(std::string_view text) {
  std::vector<std::string> components;
  for (std::size_t slash = text.find('/'); slash != std::string_view::npos;
       slash = text.find('/')) {
    components.emplace_back(text.substr(0, slash));
    text.remove_prefix(slash + 1);
  }
  components.emplace_back(text);
  return components;
}

}  // namespace

IgnorePattern IgnorePattern::parse(std::string_view line) {
  IgnorePattern pattern;
  if (line.starts_with('!')) {
    pattern.is_keeping_ = true;
    line.remove_prefix(1);
  }
  if (!line.ends_with("\\ ")) line = line.substr(0, line.find_last_not_of(' ') + 1);
  if (line.ends_with('/')) {
    pattern.is_for_folders_ = true;
    line.remove_suffix(1);
  }
  pattern.components_ = split_path(line);
  return pattern;
}

std::optional<IgnoreVerdict> IgnorePattern::match(std::span<const std::string_view> path,
                                                  bool is_folder) const {
  const bool is_name = components_.size() == 1;
  const bool is_matched = is_name ? matches_name(path, is_folder) : matches_path(path, is_folder);
  if (!is_matched) return std::nullopt;
  return is_keeping_ ? IgnoreVerdict::keep : IgnoreVerdict::leave_out;
}

// What is in a folder that matches does, too.
bool IgnorePattern::matches_name(std::span<const std::string_view> path, bool is_folder) const {
  const auto named = std::ranges::find_if(
      path, [this](std::string_view name) { return matches_glob(components_.front(), name); });
  if (named == path.end()) return false;
  const bool is_last = named + 1 == path.end();
  return !is_for_folders_ || is_folder || !is_last;
}

// globMatch of pattern.go, step by step: what it makes of "a/**" and "/**/a" is its own.
bool IgnorePattern::matches_path(std::span<const std::string_view> path, bool is_folder) const {
  bool is_matched = false;
  bool may_skip = false;
  for (const std::string& component : components_) {
    const bool is_last = &component == &components_.back();
    if (component.empty()) {
      may_skip = false;
      continue;
    }
    if (component == any_folders) {
      if (is_last) break;
      may_skip = true;
      continue;
    }
    if (component.contains(any_folders) || path.empty()) return false;
    if (!may_skip) {
      if (!matches_glob(component, path.front())) return false;
      is_matched = true;
      path = path.subspan(1);
      continue;
    }
    may_skip = false;
    const auto found = std::ranges::find_if(
        path, [&](std::string_view name) { return matches_glob(component, name); });
    is_matched = found != path.end();
    path = is_matched ? std::span(found + 1, path.end()) : std::span<const std::string_view>();
  }
  const bool is_file_itself = is_for_folders_ && !is_folder && path.empty();
  return is_matched && !is_file_itself;
}

Result<IgnorePatterns> read_ignore_patterns(std::string_view text) {
  IgnorePatterns patterns;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.size() >= ignore_line_max) {
      return fail(ErrorKind::invalid,
                  fmt::format("a pattern is longer than {} bytes", ignore_line_max));
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with('#') || trimmed(line).empty()) continue;
    if (patterns.size() == ignore_patterns_max) {
      return fail(ErrorKind::invalid, fmt::format("more than {} patterns", ignore_patterns_max));
    }
    patterns.push_back(IgnorePattern::parse(line));
  }
  return patterns;
}

IgnorePatterns version_control_patterns() { return patterns_of_lines(version_control_lines); }

IgnorePatterns default_ignore_patterns() { return patterns_of_lines(default_lines); }

}  // namespace primocane

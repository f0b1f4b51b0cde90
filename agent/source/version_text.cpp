// SPDX-License-Identifier: Apache-2.0
#include "source/version_text.hpp"

#include <algorithm>

namespace primocane {

namespace {

constexpr std::string_view identifier_characters =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";

// The characters of `text` from `begin` on that are among `alphabet`.
std::string_view run_of(std::string_view text, std::size_t begin, std::string_view alphabet) {
  const std::size_t end = std::min(text.find_first_not_of(alphabet, begin), text.size());
  return text.substr(begin, end - begin);
}

// The run that `mark` introduces at `*at`, and moves behind it.
std::string_view marked_run(std::string_view text, std::size_t* at, char mark,
                            std::string_view alphabet) {
  if (*at >= text.size() || text[*at] != mark) return {};
  const std::string_view run = run_of(text, *at + 1, alphabet);
  if (!run.empty()) *at += 1 + run.size();
  return run;
}

// Identifiers separated by dots that `mark` introduces.
std::string_view marked_identifiers(std::string_view text, std::size_t* at, char mark) {
  const std::size_t begin = *at + 1;
  if (marked_run(text, at, mark, identifier_characters).empty()) return {};
  while (!marked_run(text, at, '.', identifier_characters).empty()) {
  }
  return text.substr(begin, *at - begin);
}

}  // namespace

std::optional<VersionText> scan_version(std::string_view text, VersionDigits digits) {
  const std::string_view alphabet =
      digits == VersionDigits::decimal ? "0123456789" : "0123456789xX*|";
  VersionText found;
  std::size_t at = text.starts_with('v') ? 1 : 0;
  found.major_part = run_of(text, at, alphabet);
  if (found.major_part.empty()) return std::nullopt;
  at += found.major_part.size();
  found.minor_part = marked_run(text, &at, '.', alphabet);
  if (!found.minor_part.empty()) found.patch_part = marked_run(text, &at, '.', alphabet);
  found.prerelease = marked_identifiers(text, &at, '-');
  found.build = marked_identifiers(text, &at, '+');
  found.size = at;
  return found;
}

}  // namespace primocane

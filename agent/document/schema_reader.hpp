// SPDX-License-Identifier: Apache-2.0
// Reads strict documents of our own (configuration, kustomization fields): a mapping whose every
// key must be known, with messages that name file, line and the nearest known key.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

/// "file:line: " or "file: " where the line is unknown.
[[nodiscard]] std::string at_line(std::string_view file, std::uint32_t line);

/// The candidate closest to `word` by edit distance, or "" when none is close enough to be what
/// was meant (at most a third of the letters differ).
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::span<const std::string_view> candidates);
[[nodiscard]] inline std::string_view nearest(std::string_view word,
                                              std::initializer_list<std::string_view> candidates) {
  return nearest(word, std::span(candidates.begin(), candidates.size()));
}

/// `invalid`, with line and suggestion, if `mapping` (which must be a mapping; `what` names it in
/// the message) has a key that is not among `known`.
[[nodiscard]] Result<void> require_known_keys(const Value& mapping, std::string_view what,
                                              std::string_view file,
                                              std::span<const std::string_view> known);
[[nodiscard]] inline Result<void> require_known_keys(
    const Value& mapping, std::string_view what, std::string_view file,
    std::initializer_list<std::string_view> known) {
  return require_known_keys(mapping, what, file, std::span(known.begin(), known.size()));
}

/// The string under `key` of `mapping`, or `fallback` when it is absent; `invalid`, with line, if
/// it is there and no string.
[[nodiscard]] Result<std::string> optional_text(const Value& mapping, std::string_view key,
                                                std::string_view file,
                                                std::string_view fallback = {});

}  // namespace primocane

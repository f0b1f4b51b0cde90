// SPDX-License-Identifier: Apache-2.0
// TextSink: events as lines for people and for log files.
#pragma once

#include "report/event.hpp"

#include <cstdint>
#include <memory>

namespace primocane {

enum class TextFormat : std::uint8_t {
  text,  ///< "2026-11-23T19:08:47.123Z info ConfigMap/home/a created: new in Git"
  json,  ///< one JSON object a line
};

/// Writes events of `lowest` severity and above to standard error.
[[nodiscard]] std::unique_ptr<EventSink> make_text_sink(Severity lowest, TextFormat format);

}  // namespace primocane

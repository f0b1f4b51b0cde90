// SPDX-License-Identifier: Apache-2.0
// Timestamps in YAML, which go-yaml takes out of plain scalars.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The RFC 3339 text ("2001-12-14T21:59:43.1-05:00") of a plain scalar that go-yaml types as a
/// timestamp: a date "2001-1-2", a date and time with "T" or "t" and a zone, or with a space and
/// without one. Nothing if it is none. Such a scalar reaches JSON as a string in this form.
[[nodiscard]] std::optional<std::string> go_timestamp(std::string_view text);

}  // namespace primocane

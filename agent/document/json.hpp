// SPDX-License-Identifier: Apache-2.0
// JSON in and out, by yyjson.
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace primocane {

/// Reads one JSON text (RFC 8259). Numbers keep their text. `name` is the source in messages.
/// Errors: `invalid` for bad syntax (with the byte offset), a duplicate key, or a bound of
/// `limits`.
[[nodiscard]] Result<Value> read_json(std::string_view text, std::string_view name,
                                      const DocumentLimits& limits = {});

/// `value` without white space, keys in their order.
[[nodiscard]] std::string write_json(const Value& value);

/// `value` indented by two spaces, for people; ends in a newline.
[[nodiscard]] std::string write_json_pretty(const Value& value);

/// `value` without white space and with the keys of every mapping sorted by their bytes: equal
/// values have equal texts, which is what gets hashed.
[[nodiscard]] std::string write_canonical_json(const Value& value);

enum class JsonLayout : std::uint8_t { compact, lines };

/// `value` as Go's encoding/json writes what it holds in maps: keys sorted, and characters that
/// mean something in HTML escaped. In lines it is indented by two spaces, without a newline at the
/// end.
[[nodiscard]] std::string write_go_json(const Value& value, JsonLayout layout);

}  // namespace primocane

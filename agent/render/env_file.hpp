// SPDX-License-Identifier: Apache-2.0
// Env files and literals: the two ways to write a value for a generated ConfigMap or Secret next to
// its key (api/kv/kv.go of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One item of the data of a ConfigMap or Secret, its bytes as they are.
struct KeyValue {
  std::string key;
  std::string value;

  bool operator==(const KeyValue&) const = default;
};

/// The pairs of an env file: one "key=value" a line; white space before it, empty lines, lines that
/// begin with "#", those that begin with "=" and a byte order mark are passed over; the value is
/// the rest of the line as it stands. A key without "=" gets the value "": it is not looked up in
/// the environment. `invalid`, with `name` and line, for a line that is not UTF-8, and for one of
/// more than 65,535 bytes, at which kustomize would stop reading without a word.
[[nodiscard]] Result<std::vector<KeyValue>> read_env_file(std::string_view content,
                                                          std::string_view name);

/// The pair that "key=value" stands for; quotes around all of the value are taken off. `invalid`
/// without "=" or key; the message does not hold the text.
[[nodiscard]] Result<KeyValue> read_literal(std::string_view text);

}  // namespace primocane

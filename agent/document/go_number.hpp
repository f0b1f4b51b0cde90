// SPDX-License-Identifier: Apache-2.0
// Numbers as Go reads and writes them, because the documents' other readers and writers (kubectl,
// kustomize, the API server) are written in Go.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The decimal text of an integer that Go's strconv.ParseInt or ParseUint with base 0 takes: a
/// sign, a prefix 0x, 0o, 0b or 0 (octal), and a value within 64 bits. Nothing if it is none.
[[nodiscard]] std::optional<std::string> go_integer(std::string_view text);

/// The same for digits of one base (2 or 8) without a prefix.
[[nodiscard]] std::optional<std::string> go_integer(std::string_view text, unsigned base);

/// The value of a decimal floating-point text (sign, digits, point, exponent), rounded to even as
/// strconv.ParseFloat does. Nothing if it is none, or too big for a double.
[[nodiscard]] std::optional<double> go_float(std::string_view text);

/// A finite `value` as encoding/json writes it: the shortest digits that read back as the same
/// double, with an exponent below 1e-6 and from 1e21 on.
[[nodiscard]] std::string go_json_float(double value);

/// A finite `value` as fmt's %v and strconv's 'g' format write it: the shortest digits, with an
/// exponent below 1e-4 and from 1e6 on.
[[nodiscard]] std::string go_general_float(double value);

/// A finite `value` as strconv's 'f' format writes it: the shortest digits, never an exponent.
[[nodiscard]] std::string go_fixed_float(double value);

/// The number with this JSON text as kustomize prints it in YAML (go-yaml v2): integers
/// of 64 bits as they are, everything else as go_general_float.
[[nodiscard]] std::string go_yaml_number(std::string_view json_text);

}  // namespace primocane

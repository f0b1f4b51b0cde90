// SPDX-License-Identifier: Apache-2.0
// The types of YAML scalars, as go-yaml v3 decides them (resolve.go): YAML 1.2's core schema with
// what it kept of YAML 1.1, namely legacy octals (017), underscores in numbers, binary integers and
// timestamps. The words yes, no, on, off, y and n are strings. Where asked for, go-yaml v2's types:
// those words are booleans, and timestamps keep their text.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <string_view>

namespace primocane {

/// Which go-yaml decides: kustomize reads objects by v3, but its own files and JSON patches by v2
/// (sigs.k8s.io/yaml).
enum class GoYaml : std::uint8_t { v2, v3 };

enum class ScalarType : std::uint8_t { null, boolean, integer, real, timestamp, string };

/// A scalar's type and its value in JSON: a timestamp's is a string, and a real number without
/// fraction looks like an integer (1.0 is 1).
struct TypedScalar {
  ScalarType type = ScalarType::null;
  Value value;
};

/// The type that a plain (unquoted, untagged) scalar has. `invalid` for infinity and NaN, which
/// JSON has no form for.
[[nodiscard]] Result<TypedScalar> type_plain_scalar(std::string_view text,
                                                    GoYaml version = GoYaml::v3);

/// The value of a plain scalar: null, a boolean, a number in the JSON form that Go writes for it,
/// or a string; the string of a timestamp is its RFC 3339 form, which is what kustomize makes of
/// it. Errors as above.
[[nodiscard]] Result<Value> plain_scalar(std::string_view text);

/// The value of a scalar with the full tag `tag` ("tag:yaml.org,2002:int"), quoted or not. Tags
/// that YAML does not define are ignored: their scalars are strings. `invalid` if the text is none
/// of the tag's type, and for !!binary if it is no base64 or does not decode to UTF-8.
[[nodiscard]] Result<Value> tagged_scalar(std::string_view tag, std::string_view text,
                                          GoYaml version = GoYaml::v3);

/// Whether `text`, written plain, is read back as that very string by readers of YAML 1.2 and of
/// YAML 1.1 alike (go-yaml v2's rule, by which kustomize's writer quotes: it keeps yes, no, on,
/// off, y, n and base-60 numbers apart as well). It says nothing about characters that have a
/// meaning in YAML.
[[nodiscard]] bool is_string_when_plain(std::string_view text);

}  // namespace primocane

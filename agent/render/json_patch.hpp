// SPDX-License-Identifier: Apache-2.0
// JSON patches (RFC 6902) as kustomize applies them: by gopkg.in/evanphx/json-patch.v4, which is
// laxer than the RFC in places that files may rely on.
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One operation as it is written. As in kustomize, what is wrong with it shows only when it is
/// applied.
struct JsonPatchOperation {
  std::string op;                   ///< "" if it is missing or no string
  std::optional<std::string> path;  ///< nothing if it is missing or no string, as the next
  std::optional<std::string> from;
  Value value;  ///< null if it is missing, which is the same
  std::uint32_t line = 0;

  bool operator==(const JsonPatchOperation&) const = default;
};

struct JsonPatch {
  std::string name;  ///< of where it was written, for messages
  std::vector<JsonPatchOperation> operations;

  bool operator==(const JsonPatch&) const = default;
};

/// Reads a patch: a text that begins with "[" as JSON, any other as YAML with the types of go-yaml
/// v2, of which only the first document counts. A null (or nothing) is a patch without operations;
/// other fields of an operation are ignored. `name` is the source in messages. `invalid` for bad
/// syntax, and for what is no list of mappings.
///
/// Known differences from kustomize: a key that is given twice is refused, in later documents as
/// well as wrong syntax is.
[[nodiscard]] Result<JsonPatch> read_json_patch(std::string_view text, std::string_view name,
                                                const DocumentLimits& limits = {});

/// Applies the operations to `document` in their order. Paths and indices are evanphx's:
///  - what stands before the first "/" of a path is not looked at, and a "~" that begins no escape
///    is a "~";
///  - an index may have a sign, and a negative one counts from the end (-1 of `add` is the end);
///  - in a mapping `replace` adds what is missing, and `test` and `copy` take it for null;
///  - the path "" works for `replace` (by a mapping or list) and `test` alone.
/// `invalid`, naming the operation (the first is 1) and its path, if one cannot be applied or has
/// an unknown `op`, and if copies or nesting exceed `limits`; `document` is of no use then.
///
/// Known differences from kustomize: `test` compares values, where kustomize compares their JSON
/// texts (in which "<" may be written as an escape) and takes a null for another null if one of
/// them was set by the same patch; where it crashes (a `replace` of "" without a value, a `test` of
/// a list that holds null, an `add` into a copied null) there is an answer or an error here.
[[nodiscard]] Result<void> apply_json_patch(Value& document, const JsonPatch& patch,
                                            const DocumentLimits& limits = {});

}  // namespace primocane

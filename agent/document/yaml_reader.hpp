// SPDX-License-Identifier: Apache-2.0
// Reads YAML streams as kustomize 5.8.1's reader does (go-yaml v3, then JSON).
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "document/plain_scalar.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace primocane {

/// One document of a YAML stream.
struct Document {
  Value value;
  bool has_properties = false;  ///< an anchor, an alias, a tag or a merge key
  std::uint32_t line = 1;       ///< on which it begins
};

/// Reads all documents of `text`; empty ones (nothing, only comments, an explicit null) are left
/// out. Anchors, aliases and merge keys are resolved. `name` is the file in messages, which read
/// "name:line: what is wrong". Errors: `invalid` for a syntax error, a duplicate or non-string
/// key, a NUL or other control character, invalid UTF-8, a value that JSON cannot express, or a
/// bound of `limits`.
///
/// Tags that YAML does not define are ignored, as kustomize does; a value left out in a flow
/// mapping ("{a}") is "", which is what kustomize makes of it.
///
/// With GoYaml::v2 it reads what kustomize reads by sigs.k8s.io/yaml: other types of plain scalars
/// (plain_scalar.hpp), a value left out in a flow mapping is null, and keys that are numbers or
/// booleans become their text ("y: 1" is "true": 1).
///
/// Known differences from kustomize. Refused here: a document behind a "..." line (kustomize drops
/// it), a key left out behind "?", a plain scalar that ends in ":" in flow style ("[fd00::]"), a
/// block scalar with an anchor or a tag in a list ("- &a |"). Accepted here: tabs where nothing but
/// blanks stands and behind "-", the escape "\/", a flow collection below the indentation of its
/// parent, keys with unknown tags. Other values: a quoted
/// "<<" is an ordinary key (kustomize drops it), U+0085, U+2028 and U+2029 break no lines, and a
/// comment behind a kept block scalar ("|+") does not lengthen it.
[[nodiscard]] Result<std::vector<Document>> read_yaml(std::string_view text, std::string_view name,
                                                      const DocumentLimits& limits = {},
                                                      GoYaml version = GoYaml::v3);

}  // namespace primocane

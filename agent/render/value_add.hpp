// SPDX-License-Identifier: Apache-2.0
// ValueAddTransformer: writes one value into fields of many objects
// (api/internal/builtins/ValueAddTransformer.go, api/filters/valueadd of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"
#include "render/field_reader.hpp"
#include "render/file_loader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// Where the value goes.
struct ValueTarget {
  std::optional<Value> selector;  ///< of the objects, as written; without one, all of them
  std::string field_path;         ///< "spec/containers/[name=web]/image"; "\/" is a slash in a key
  /// From 1: the value becomes that component of the path in the field, in front of what is there;
  /// 0: it takes the place of all of it.
  std::int64_t path_position = 0;
  std::string file;  ///< that it is written in, for messages

  bool operator==(const ValueTarget&) const = default;
};

struct ValueAddRule {
  std::string value;
  std::vector<ValueTarget> targets;

  bool operator==(const ValueAddRule&) const = default;
};

/// Reads an object of kind ValueAddTransformer, and the file of targets that it may name. Without a
/// value it is the name of the kustomization's folder. `invalid` without targets, for one without
/// field or with a negative position, and without value in the tree's root, which has no name.
[[nodiscard]] Result<ValueAddRule> read_value_add(const Value& object, const FieldReader& reader,
                                                  const FileLoader& loader);

/// Writes `value` into the field of one object that `target` selects; what is missing on the way is
/// made. `metadata/namespace` is set as by the NamespaceTransformer. `invalid`, naming the object,
/// if the path does not fit it, or if the field is a list or mapping.
[[nodiscard]] Result<void> add_value(Draft& draft, const ValueTarget& target,
                                     const std::string& value);

}  // namespace primocane

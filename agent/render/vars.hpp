// SPDX-License-Identifier: Apache-2.0
// Vars: names for values of objects' fields, which other objects have in texts as "$(NAME)"
// (api/types/var.go and api/internal/accumulator of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"
#include "render/field_reader.hpp"
#include "render/field_spec.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace primocane {

/// The object that a var reads.
struct VarObject {
  VersionedKind kind;          ///< all parts must be equal
  std::string name;            ///< one that it had or has
  std::string namespace_name;  ///< "" for any

  bool operator==(const VarObject&) const = default;
};

struct Var {
  std::string name;
  VarObject object;
  std::string field_path;
  std::uint32_t line = 0;

  bool operator==(const Var&) const = default;
};

/// Reads an item of `vars`. `invalid` for unknown fields and wrong types.
[[nodiscard]] Result<Var> read_var(const Value& item, const FieldReader& reader);

/// Vars with different names.
class VarSet {
 public:
  /// Adds `more`, which are of `file`. `invalid` if a name is there already.
  [[nodiscard]] Result<void> add(const std::vector<Var>& more, const std::string& file);
  /// Adds those of a base. `invalid` as above; `file` is who has the base.
  [[nodiscard]] Result<void> merge(const VarSet& more, const std::string& file);

  /// Sorted by name.
  [[nodiscard]] const std::vector<Var>& all() const { return vars_; }

 private:
  std::vector<Var> vars_;
};

/// Notes in each draft the vars that read it. Must be done with all drafts that a kustomization
/// has, for the vars of that one alone. `invalid` if a var may mean several.
[[nodiscard]] Result<void> match_vars(std::vector<Draft>& drafts, const std::vector<Var>& vars,
                                      const std::string& file);

/// Puts the values of `vars` where their names are, in the fields that `fields` list; returns the
/// names that were nowhere, which kustomize has in its log. `invalid` if a var read no draft or a
/// field that is not there, or if a list in a field holds anything but strings.
///
/// Known differences from kustomize: a number with an unusual spelling ("0x1F") as value is an
/// error, as most are there.
[[nodiscard]] Result<std::vector<std::string>> resolve_vars(std::vector<Draft>& drafts,
                                                            const VarSet& vars,
                                                            const std::vector<FieldSpec>& fields);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// PatchSchema: what strategic merges must know of the types of objects: which lists are merged, by
// which keys, and which kinds have no namespace (kyaml openapi/openapi.go).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/patch_schema_table.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace primocane {

/// The one version that `openapi: {version: ...}` may name; kustomize has no other built in.
inline constexpr std::string_view built_in_openapi_version = "v1.21.2";

/// A type within a PatchSchema; valid as long as a copy of that lives.
class SchemaType {
 private:
  friend class PatchSchema;
  explicit SchemaType(const Value* written) : written_(written) {}
  explicit SchemaType(BuiltInType built_in) : built_in_(built_in) {}

  const Value* written_ = nullptr;  // the schema in a document; null for a built-in type
  BuiltInType built_in_ = 0;
};

/// Which part the built-in types have beside those of a document.
enum class BuiltInTypes : std::uint8_t {
  left_out,  ///< none
  first,     ///< they count where the document tells about the same kind
  last,      ///< they count where the document does not tell about the kind
};

/// An immutable set of types; a copy is cheap.
///
/// kustomize holds one for the whole build, and the first `openapi` field that names a path or a
/// version settles it: the root kustomization's, else that of the first base or component on the
/// way (depth first, before its own resources are read). Later ones are ignored, whatever they
/// say, but their path must be there to be read. An error is, in the one that counts: a path and a
/// version together, and a version that is not built in. (openapi.SetSchema, called by
/// api/krusty/kustomizer.go and api/internal/target/kusttarget.go.)
///
/// A document replaces the built-in types (`left_out`) if the field is the root's, or if no
/// object was read before whose kind the built-in table of scopes does not know. It comes before or
/// behind them otherwise, because kustomize only adds: with `first` if nothing was merged before,
/// with `last` if a merge was done.
/// The field `crds` changes nothing here: it names fields that hold names of other objects.
class PatchSchema {
 public:
  /// The built-in types alone.
  PatchSchema() = default;
  /// The definitions of an OpenAPI v2 document; `file` is its name in messages. `invalid` if it is
  /// none: kustomize crashes then.
  ///
  /// References lead to other definitions of the document only ("#/definitions/NAME"); a type
  /// behind any other is not known.
  [[nodiscard]] static Result<PatchSchema> read(Value openapi, std::string_view file,
                                                BuiltInTypes built_in);

  /// Whether it has the definitions of a document.
  [[nodiscard]] bool has_document() const { return written_ != nullptr; }

  /// The type of the objects of a kind, by the text of their apiVersion ("apps/v1").
  [[nodiscard]] std::optional<SchemaType> root(std::string_view api_version,
                                               std::string_view kind) const;
  /// The type of a mapping's field.
  [[nodiscard]] std::optional<SchemaType> field(SchemaType type, std::string_view name) const;
  /// The type of a list's elements.
  [[nodiscard]] std::optional<SchemaType> elements(SchemaType type) const;
  /// What the elements of a list are matched by when it is merged: keys of mappings, or without
  /// any key the scalars themselves. Nothing for a list that is replaced as a whole. The names
  /// live as long as the type.
  [[nodiscard]] std::optional<std::vector<std::string_view>> merge_keys(SchemaType type) const;

  /// Whether objects of the kind have no namespace; nothing if that is not known
  /// (IsNamespaceScoped). A document cannot change it for what is built in.
  [[nodiscard]] std::optional<bool> is_cluster_scoped(std::string_view group,
                                                      std::string_view version,
                                                      std::string_view kind) const;

 private:
  struct Written;

  [[nodiscard]] std::optional<SchemaType> resolve(const Value* schema) const;

  std::shared_ptr<const Written> written_;  // null: nothing
  BuiltInTypes built_in_ = BuiltInTypes::first;
};

/// Whether objects of the kind have no namespace, by the built-in types alone: custom resources are
/// not among them, nor are versions later than Kubernetes 1.21's.
[[nodiscard]] std::optional<bool> is_cluster_scoped_kind(std::string_view group,
                                                         std::string_view version,
                                                         std::string_view kind);

}  // namespace primocane

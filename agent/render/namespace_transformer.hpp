// SPDX-License-Identifier: Apache-2.0
// The `namespace` field of a kustomization, and the NamespaceTransformer
// (api/filters/namespace, api/internal/builtins/NamespaceTransformer.go of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/field_spec.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace primocane {

/// Which subjects of role bindings get the namespace.
enum class BindingSubjects : std::uint8_t {
  default_only,      ///< those named "default": the service account that each namespace has
  service_accounts,  ///< all of kind ServiceAccount
  none,
};

/// Which fields get the namespace.
enum class SetNamespace : std::uint8_t { all, unset_only };

struct NamespaceRule {
  std::string name;
  std::vector<FieldSpec> fields;  ///< beside metadata.namespace
  BindingSubjects subjects = BindingSubjects::default_only;
  SetNamespace set = SetNamespace::all;
};

/// Puts one object into the namespace, if it may have one, and remembers nothing.
[[nodiscard]] Result<void> set_namespace_in(Draft& draft, const NamespaceRule& rule);

/// Puts all objects that may have a namespace into it. `invalid` if two become one by that.
[[nodiscard]] Result<void> set_namespace(std::vector<Draft>& drafts, const NamespaceRule& rule);

}  // namespace primocane

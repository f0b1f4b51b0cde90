// SPDX-License-Identifier: Apache-2.0
// Draft: an object on its way through the kustomize engine, with the identities that it had
// before: they are what other objects refer to it by.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "resource/resource.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A kind in one version of its API: kustomize's Gvk. As part of a rule, "" stands for any.
struct VersionedKind {
  std::string group;
  std::string version;
  std::string kind;

  auto operator<=>(const VersionedKind&) const = default;
};

/// Whether `rule`, whose empty parts stand for any, speaks of `kind` (kyaml resid, IsSelected).
[[nodiscard]] bool selects(const VersionedKind& rule, const VersionedKind& kind);

/// kustomize's ResId. Unlike ResourceId it tells versions of an API apart, and nothing about it is
/// checked but that kind and name are there: what Kubernetes will not take is refused at the end.
struct DraftId {
  VersionedKind kind;
  std::string namespace_name;  ///< as written
  std::string name;

  auto operator<=>(const DraftId&) const = default;
};

/// "Deployment/home/paperless", as errors name objects.
[[nodiscard]] std::string to_string(const DraftId& id);

/// What a generator says about an object of its name that is there already.
enum class GeneratorBehavior : std::uint8_t { unspecified, create, replace, merge };

/// An identity that a draft had. Group and version are not kept: kustomize takes the present ones.
struct PreviousId {
  std::string kind;
  std::string namespace_name;  ///< effective
  std::string name;

  bool operator==(const PreviousId&) const = default;
};

/// A label or annotation that stands in several fields and is one node in kustomize: what changes
/// it in one of them changes it in all (shared_texts.hpp).
struct SharedText {
  std::string key;
  std::string text;
  std::vector<std::string> fields;  ///< paths of the mappings that have it, as in a FieldSpec

  bool operator==(const SharedText&) const = default;
};

struct Draft {
  Value object;  ///< a mapping
  Origin origin;
  DraftId id;  ///< read out of `object`; whoever changes what it is made of calls read_id()
  std::vector<PreviousId> previous;   ///< the oldest first
  std::vector<std::string> prefixes;  ///< that were put before its name, the first first
  std::vector<std::string> suffixes;  ///< that were put behind it
  GeneratorBehavior behavior = GeneratorBehavior::unspecified;
  bool needs_hash = false;             ///< of its content, behind the name
  std::vector<std::string> var_names;  ///< vars whose value it holds
  std::vector<SharedText> shared_texts;
  ConfidentialFields confidential;
  bool has_no_namespace = false;  ///< by an openapi field; the built-in kinds are known without it
};

/// A draft of `object`. `invalid`, with file and line, if it is no mapping, has no kind or no name,
/// or has labels or annotations that are no mapping (kyaml, GetValidatedMetadata). Objects whose
/// kind ends in "List" need no name.
[[nodiscard]] Result<Draft> make_draft(Value object, Origin origin);

/// Reads the identity anew after the object changed.
void read_id(Draft& draft);

/// Makes texts of the values of metadata.`key` ("labels", "annotations"), as kustomize does where
/// it takes them through a map of strings: "null" of a null, "" of a list. An empty mapping goes,
/// as does a null in its place.
void make_texts(Draft& draft, std::string_view key);

/// `metadata` of the draft's object, made if it is not there.
[[nodiscard]] Object& metadata_of(Draft& draft);
/// The text at metadata.`key`.`name` ("labels", "annotations"), or null.
[[nodiscard]] const std::string* metadata_text(const Draft& draft, std::string_view key,
                                               std::string_view name);

/// Gives the draft another name, and remembers nothing.
void set_name(Draft& draft, std::string name);

/// Whether kustomize knows that objects of this kind have no namespace: its built-in API only,
/// custom resources count as namespaced (kyaml openapi, precomputedIsNamespaceScoped).
[[nodiscard]] bool is_cluster_scoped(const VersionedKind& kind);
/// The same by the schema of the build as well.
[[nodiscard]] bool is_cluster_scoped(const Draft& draft);

/// What stands for the namespace of all objects that have none.
inline constexpr std::string_view cluster_scope = "_non_namespaceable_";

/// The namespace in which kustomize sees it: "default" stands for none, and `cluster_scope` for
/// that of cluster-scoped objects (kyaml resid, EffectiveNamespace).
[[nodiscard]] std::string_view effective_namespace(const DraftId& id);
/// The same by the schema of the build as well.
[[nodiscard]] std::string_view effective_namespace(const Draft& draft);

/// The present identity with the effective namespace: two drafts of one set may not share it.
[[nodiscard]] DraftId effective_id(const DraftId& id);

/// The identity that it was written with (kustomize's OrgId), namespace effective.
[[nodiscard]] DraftId original_id(const Draft& draft);

/// Calls `visit` with each identity that `draft` has had and has, the oldest first, the present one
/// last, namespaces effective, until it returns true; returns whether it did.
template <typename Visit>
[[nodiscard]] bool any_id(const Draft& draft, const Visit& visit) {
  for (const PreviousId& id : draft.previous) {
    const bool stops = visit(DraftId{
        .kind = {.group = draft.id.kind.group, .version = draft.id.kind.version, .kind = id.kind},
        .namespace_name = id.namespace_name,
        .name = id.name});
    if (stops) return true;
  }
  return visit(effective_id(draft.id));
}

/// Remembers the present identity among the previous ones.
void store_previous_id(Draft& draft);

/// `message` with the place and the name of the draft before it, as an `invalid` error.
[[nodiscard]] std::unexpected<Error> invalid_draft(const Draft& draft, std::string_view message);

}  // namespace primocane

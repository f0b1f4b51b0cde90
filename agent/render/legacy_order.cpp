// SPDX-License-Identifier: Apache-2.0
#include "render/legacy_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 22> first_kinds = {"Namespace",
                                                          "ResourceQuota",
                                                          "StorageClass",
                                                          "CustomResourceDefinition",
                                                          "ServiceAccount",
                                                          "PodSecurityPolicy",
                                                          "Role",
                                                          "ClusterRole",
                                                          "RoleBinding",
                                                          "ClusterRoleBinding",
                                                          "ConfigMap",
                                                          "Secret",
                                                          "Endpoints",
                                                          "Service",
                                                          "LimitRange",
                                                          "PriorityClass",
                                                          "PersistentVolume",
                                                          "PersistentVolumeClaim",
                                                          "Deployment",
                                                          "StatefulSet",
                                                          "CronJob",
                                                          "PodDisruptionBudget"};
constexpr std::array<std::string_view, 2> last_kinds = {"MutatingWebhookConfiguration",
                                                        "ValidatingWebhookConfiguration"};

std::string_view or_else(std::string_view text, std::string_view stand_in) {
  return text.empty() ? stand_in : text;
}

// The place of a kind: lower comes first. Kinds that are not listed share 0. Of a kind that is
// listed twice the later place counts, as in a map that is filled in turn.
template <typename Kinds>
int rank_in(std::string_view kind, const Kinds& first, const Kinds& last) {
  const auto place = [&](const Kinds& kinds) {
    for (std::size_t i = kinds.size(); i > 0; --i) {
      if (kinds[i - 1] == kind) return static_cast<int>(i);
    }
    return 0;
  };
  if (const int behind = place(last); behind > 0) return behind;
  const int before = place(first);
  return before == 0 ? 0 : before - 1 - static_cast<int>(first.size());
}

// "~G", "~V", "~K", "~X" and "~N" are kustomize's words for what is empty.
std::string type_text(const VersionedKind& kind) {
  return fmt::format("{}_{}_{}", or_else(kind.group, "~G"), or_else(kind.version, "~V"),
                     or_else(kind.kind, "~K"));
}

// What is compared of an object, read out of it once.
struct SortKey {
  int rank;
  // Of kinds called Namespace those without a group come first, though "~" sorts last, and the
  // later version before the earlier. Where they share their rank with other kinds that would be
  // no order.
  enum class Namespace : std::uint8_t { without_group, with_group, none } namespace_kind;
  std::string type;
  std::string name;
  std::size_t index;  // of the object

  bool operator<(const SortKey& other) const {
    if (rank != other.rank) return rank < other.rank;
    if (namespace_kind != other.namespace_kind) return namespace_kind < other.namespace_kind;
    if (type != other.type) {
      return (type < other.type) != (namespace_kind == Namespace::without_group);
    }
    return std::tie(name, index) < std::tie(other.name, other.index);
  }
};

SortKey::Namespace namespace_kind(const VersionedKind& kind, int rank) {
  if (rank == 0 || kind.kind != "Namespace") return SortKey::Namespace::none;
  return kind.group.empty() ? SortKey::Namespace::without_group : SortKey::Namespace::with_group;
}

SortKey sort_key(const Draft& draft, const KindOrder& order, std::size_t index) {
  const DraftId& id = draft.id;
  const int rank = rank_in(id.kind.kind, order.first, order.last);
  return {.rank = rank,
          .namespace_kind = namespace_kind(id.kind, rank),
          .type = type_text(id.kind),
          .name = fmt::format("{}|{}", or_else(id.namespace_name, "~X"), or_else(id.name, "~N")),
          .index = index};
}

}  // namespace

KindOrder default_kind_order() {
  return {.first = {first_kinds.begin(), first_kinds.end()},
          .last = {last_kinds.begin(), last_kinds.end()}};
}

void sort_legacy(std::vector<Draft>& drafts, const KindOrder& order) {
  std::vector<SortKey> keys;
  keys.reserve(drafts.size());
  for (const Draft& draft : drafts) keys.push_back(sort_key(draft, order, keys.size()));
  std::sort(keys.begin(), keys.end());
  std::vector<Draft> sorted;
  sorted.reserve(drafts.size());
  for (const SortKey& key : keys) sorted.push_back(std::move(drafts[key.index]));
  drafts = std::move(sorted);
}

bool comes_before(const VersionedKind& a, const VersionedKind& b) {
  const auto rank = [](const VersionedKind& kind) {
    return rank_in(kind.kind, std::span<const std::string_view>(first_kinds),
                   std::span<const std::string_view>(last_kinds));
  };
  const int rank_a = rank(a);
  const int rank_b = rank(b);
  return rank_a == rank_b ? type_text(a) < type_text(b) : rank_a < rank_b;
}

}  // namespace primocane

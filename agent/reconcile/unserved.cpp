// SPDX-License-Identifier: Apache-2.0
// The names of two lists tell it: a definition is named "<plural>.<group>", an APIService
// "<version>.<group>". The server keeps one of the latter for each group of definitions, and has
// both from its store before it serves what they stand for.
#include "reconcile/unserved.hpp"

#include "base/error.hpp"
#include "base/take_until.hpp"
#include "document/value.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// A name that is cut at its first dot.
struct DottedName {
  std::string first;
  std::string group;
};

DottedName split(std::string_view name) {
  const std::string_view first = take_until(name, '.');
  return {.first = std::string(first), .group = std::string(name)};
}

Task<Result<std::vector<DottedName>>> list_names(Cluster& cluster, GroupKind kind,
                                                 const KindCatalog& catalog) {
  // A kind that is not served has no objects, which would say that nothing is defined.
  if (!catalog.contains(kind)) co_return fail(ErrorKind::unavailable, "not served");
  std::vector<DottedName> names;
  std::function<void(const Value&)> each = [&names](const Value& object) {
    names.push_back(split(object.text_at("metadata", "name")));
  };
  MetadataQuery query{
      .group_kind = std::move(kind), .namespace_name = {}, .label_selector = {}, .name = {}};
  CO_CHECK(co_await cluster.list_metadata(std::move(query), std::move(each)));
  co_return names;
}

bool serves_plural(const KindCatalog& catalog, const DottedName& definition) {
  return std::ranges::any_of(catalog, [&](const auto& served) {
    return served.first.group == definition.group && served.second.plural == definition.first;
  });
}

bool serves_group(const KindCatalog& catalog, const std::string& group) {
  return std::ranges::any_of(catalog,
                             [&](const auto& served) { return served.first.group == group; });
}

}  // namespace

Task<std::set<GroupKind>> may_have_objects(Cluster& cluster, std::set<GroupKind> unserved,
                                           KindCatalog catalog) {
  GroupKind definition_kind{"apiextensions.k8s.io", "CustomResourceDefinition"};
  GroupKind service_kind{"apiregistration.k8s.io", "APIService"};
  const Result<std::vector<DottedName>> definitions =
      co_await list_names(cluster, std::move(definition_kind), catalog);
  const Result<std::vector<DottedName>> services =
      co_await list_names(cluster, std::move(service_kind), catalog);
  if (!definitions || !services) co_return unserved;
  std::set<std::string> groups_in_doubt;
  for (const DottedName& definition : *definitions) {
    if (!serves_plural(catalog, definition)) groups_in_doubt.insert(definition.group);
  }
  for (const DottedName& service : *services) {
    if (!serves_group(catalog, service.group)) groups_in_doubt.insert(service.group);
  }
  std::erase_if(unserved, [&groups_in_doubt](const GroupKind& kind) {
    return !groups_in_doubt.contains(kind.group);
  });
  co_return unserved;
}

}  // namespace primocane

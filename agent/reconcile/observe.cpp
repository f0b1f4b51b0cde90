// SPDX-License-Identifier: Apache-2.0
#include "reconcile/observe.hpp"

#include "base/task_group.hpp"
#include "reconcile/parent_view.hpp"
#include "reconcile/unserved.hpp"
#include "resource/applyset.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t lists_in_flight = 4;
// From this many missing objects of a kind in a namespace on, one list is cheaper than look-ups.
constexpr std::size_t lookups_max = 3;

// What queries together have found, and what they could not.
struct Findings {
  std::map<ResourceId, LiveObject> found;
  std::map<GroupKind, Error> unseen;  // the server answers, but not about these
  Result<void> server;                // or it does not answer
};

// One query whose objects, if there is a set of those wanted, are among these.
Task<void> run_query(Cluster& cluster, MetadataQuery query, const std::set<ResourceId>* wanted,
                     Findings& findings) {
  if (!findings.server) co_return;  // each may take a request's whole time
  const GroupKind group_kind = query.group_kind;
  Result<void> read;
  std::function<void(const Value&)> each = [&](const Value& object) {
    Result<LiveObject> live = read_live_object(object, group_kind);
    if (!live) {
      if (read) read = std::unexpected(std::move(live).error());
      return;
    }
    if (wanted != nullptr && !wanted->contains(live->id)) return;
    ResourceId id = live->id;
    findings.found.insert_or_assign(std::move(id), std::move(*live));
  };
  Result<void> listed = co_await cluster.list_metadata(std::move(query), std::move(each));
  if (!listed && !cluster.is_answering()) {
    if (findings.server) findings.server = std::move(listed);
    co_return;
  }
  if (listed) listed = std::move(read);
  if (!listed) findings.unseen.try_emplace(group_kind, std::move(listed).error());
}

Task<Result<Findings>> run_queries(Cluster& cluster, std::vector<MetadataQuery> queries,
                                   const std::set<ResourceId>* wanted) {
  Findings findings;
  TaskGroup group(lists_in_flight);
  for (MetadataQuery& query : queries) {
    group.add(run_query(cluster, std::move(query), wanted, findings));
  }
  co_await group.wait();
  CO_CHECK(findings.server);
  co_return findings;
}

// The queries that find out which of `ids` exist.
std::vector<MetadataQuery> lookups(const std::set<ResourceId>& ids, const KindCatalog& catalog) {
  std::map<std::pair<GroupKind, std::string>, std::vector<const ResourceId*>> places;
  for (const ResourceId& id : ids) {
    if (!catalog.contains(id.group_kind())) continue;
    places[{id.group_kind(), id.namespace_name}].push_back(&id);
  }
  std::vector<MetadataQuery> queries;
  for (const auto& [place, missing] : places) {
    MetadataQuery query{.group_kind = place.first,
                        .namespace_name = place.second,
                        .label_selector = {},
                        .name = {}};
    if (missing.size() > lookups_max) {
      // Those with the label are in sight already.
      query.label_selector = fmt::format("!{}", applyset_part_of_label);
      queries.push_back(std::move(query));
      continue;
    }
    for (const ResourceId* id : missing) {
      query.name = id->name;
      queries.push_back(query);
    }
  }
  return queries;
}

// Splits what is missing: cluster-scoped objects are looked up first, because a namespace that
// does not exist need not be looked into.
struct Missing {
  std::set<ResourceId> cluster_scoped;
  std::set<ResourceId> namespaced;
};

Missing missing_from(const ClusterView& view, const std::vector<const DesiredSet*>& desired) {
  Missing missing;
  for (const DesiredSet* set : desired) {
    for (const DesiredObject& object : set->objects()) {
      if (view.labelled.contains(object.id)) continue;
      if (view.unseen.contains(object.id.group_kind())) continue;
      (object.id.namespace_name.empty() ? missing.cluster_scoped : missing.namespaced)
          .insert(object.id);
    }
  }
  return missing;
}

bool is_new_namespace(const ClusterView& view, const Missing& missing, const std::string& name) {
  const ResourceId id{"", "Namespace", "", name};
  if (view.unseen.contains(id.group_kind())) return false;
  return missing.cluster_scoped.contains(id) && !view.unlabelled.contains(id);
}

// Those of `kinds` that were not served before or after they were listed. What a list finds to be
// not served, the cluster forgets.
Task<Result<std::set<GroupKind>>> unlisted_kinds(Cluster& cluster, std::set<GroupKind> kinds,
                                                 const KindCatalog& before) {
  CO_TRY(const KindCatalog after, co_await look_up_kinds(cluster, std::set<GroupKind>()));
  std::erase_if(
      kinds, [&](const GroupKind& kind) { return before.contains(kind) && after.contains(kind); });
  if (kinds.empty()) co_return kinds;
  std::set<GroupKind> unlisted = co_await may_have_objects(cluster, std::move(kinds), after);
  co_return unlisted;
}

// Half of what there is of a kind is no ground to decide upon.
void drop_unseen(ClusterView& view) {
  const auto is_unseen = [&view](const auto& entry) {
    return view.unseen.contains(entry.first.group_kind());
  };
  std::erase_if(view.labelled, is_unseen);
  std::erase_if(view.unlabelled, is_unseen);
  for (const auto& [kind, error] : view.unseen) view.unlisted.insert(kind);
}

}  // namespace

Task<Result<void>> look_up(Cluster& cluster, std::set<ResourceId> ids, const KindCatalog& catalog,
                           ClusterView& view) {
  CO_TRY(Findings findings, co_await run_queries(cluster, lookups(ids, catalog), &ids));
  view.unlabelled.merge(findings.found);
  view.unseen.merge(findings.unseen);
  co_return Result<void>();
}

Task<Result<KindCatalog>> look_up_kinds(Cluster& cluster, std::set<GroupKind> wanted) {
  for (const Discovery freshness : {Discovery::cached, Discovery::fresh}) {
    CO_TRY(std::vector<ServedKind> kinds, co_await cluster.discover(freshness));
    KindCatalog catalog;
    for (ServedKind& kind : kinds) {
      GroupKind key = kind.group_kind;
      catalog.insert_or_assign(std::move(key), std::move(kind));
    }
    bool has_all = true;
    for (const GroupKind& kind : wanted) has_all = has_all && catalog.contains(kind);
    if (has_all || freshness == Discovery::fresh) co_return catalog;
  }
  co_return KindCatalog();
}

void resolve_namespace(ResourceId& id, const KindCatalog& catalog) {
  const auto kind = catalog.find(id.group_kind());
  if (kind == catalog.end()) return;
  switch (kind->second.scope) {
    case Scope::cluster:
      id.namespace_name.clear();
      return;
    case Scope::namespaced:
      if (id.namespace_name.empty()) id.namespace_name = "default";
      return;
  }
}

std::vector<DesiredObject> resolve_namespaces(std::vector<DesiredObject> objects,
                                              const KindCatalog& catalog) {
  for (DesiredObject& object : objects) resolve_namespace(object.id, catalog);
  return objects;
}

Task<Result<ClusterView>> list_parents(Cluster& cluster) {
  ClusterView view;
  std::function<void(const Value&)> each = [&view](const Value& object) {
    add_parent(view, object);
  };
  MetadataQuery query{.group_kind = {"", "ConfigMap"},
                      .namespace_name = std::string(system_namespace),
                      .label_selector = std::string(applyset_id_label),
                      .name = {}};
  CO_CHECK(co_await cluster.list_metadata(std::move(query), std::move(each)));
  co_return view;
}

std::set<GroupKind> kinds_of_parents(const ClusterView& view) {
  std::set<GroupKind> kinds;
  for (const auto& [id, live] : view.parents) {
    kinds.insert(live.parent.group_kinds.begin(), live.parent.group_kinds.end());
  }
  return kinds;
}

Task<Result<void>> observe(Cluster& cluster, ClusterSight& sight,
                           std::vector<const DesiredSet*> desired, std::set<GroupKind> kinds) {
  ClusterView& view = sight.view;
  const bool is_first = sight.listed.empty();
  kinds.merge(kinds_of_parents(view));
  for (const DesiredSet* set : desired) {
    for (const DesiredObject& object : set->objects()) kinds.insert(object.id.group_kind());
  }
  std::vector<MetadataQuery> queries;
  for (const GroupKind& kind : kinds) {
    const auto served = sight.catalog.find(kind);
    if (served == sight.catalog.end() || !served->second.can_list) continue;
    if (!sight.listed.insert(kind).second) continue;
    if (sight.live != nullptr && sight.live->shows(kind)) {
      sight.live->copy_to(kind, view.labelled);
      continue;
    }
    queries.push_back({.group_kind = kind,
                       .namespace_name = {},
                       .label_selector = std::string(applyset_part_of_label),
                       .name = {}});
  }
  const std::size_t lists = queries.size();
  CO_TRY(Findings labelled, co_await run_queries(cluster, std::move(queries), nullptr));
  // Of no kind at all: that is no matter of kinds.
  const bool is_of_all = lists == sight.listed.size() && labelled.unseen.size() == lists;
  if (is_first && lists > 0 && is_of_all) {
    co_return std::unexpected(labelled.unseen.begin()->second);
  }
  view.labelled.merge(labelled.found);
  view.unseen.merge(labelled.unseen);
  if (is_first) {
    CO_TRY(view.unlisted, co_await unlisted_kinds(cluster, kinds_of_parents(view), sight.catalog));
  }

  const Missing missing = missing_from(view, desired);
  CO_CHECK(co_await look_up(cluster, missing.cluster_scoped, sight.catalog, view));
  std::set<ResourceId> namespaced;
  for (const ResourceId& id : missing.namespaced) {
    if (!is_new_namespace(view, missing, id.namespace_name)) namespaced.insert(id);
  }
  CO_CHECK(co_await look_up(cluster, namespaced, sight.catalog, view));
  drop_unseen(view);
  co_return Result<void>();
}

}  // namespace primocane

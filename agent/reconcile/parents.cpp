// SPDX-License-Identifier: Apache-2.0
#include "reconcile/parents.hpp"

#include "base/error.hpp"
#include "document/json.hpp"
#include "resource/applyset.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

namespace primocane {

namespace {

// Adds what a member widens its set by.
void include(Parent& parent, const ResourceId& id) {
  parent.group_kinds.insert(id.group_kind());
  if (!id.namespace_name.empty() && id.namespace_name != system_namespace) {
    parent.namespaces.insert(id.namespace_name);
  }
}

void take_mark(Parent& parent, const DesiredObject& object) {
  if (object.prune_mark == PruneMark::unmarked) {
    parent.prune_marks.erase(object.id);
  } else {
    parent.prune_marks.insert_or_assign(object.id, object.prune_mark);
  }
}

// Keeps what `widened` says about the members of `kind`; they may be in each of its namespaces.
void keep_all_of(const GroupKind& kind, const Parent& widened, Parent& parent) {
  parent.group_kinds.insert(kind);
  parent.namespaces.insert(widened.namespaces.begin(), widened.namespaces.end());
  for (const auto& mark : widened.prune_marks) {
    if (mark.first.group_kind() == kind) parent.prune_marks.insert(mark);
  }
}

// No coroutine: GCC 12 destroys the elements of an initializer list in one twice.
std::string system_namespace_body() {
  return write_json(Object{{"apiVersion", "v1"},
                           {"kind", "Namespace"},
                           {"metadata", Object{{"name", system_namespace}}}});
}

}  // namespace

ResourceId parent_id(const KustomizationName& name) {
  return {"", "ConfigMap", std::string(system_namespace), parent_name(name)};
}

Parent widened_parent(const DesiredSet& desired, const LiveParent* live,
                      const RenderingMark& mark) {
  Parent parent;
  if (live != nullptr) parent = live->parent;
  parent.kustomization = desired.name();
  parent.id = applyset_id(desired.name());
  const bool is_same = parent.rendering == desired.hash() && parent.contained == mark.contained;
  if (!is_same) parent.revision = mark.revision;
  parent.rendering = desired.hash();
  parent.contained = mark.contained;
  for (const DesiredObject& object : desired.objects()) {
    include(parent, object.id);
    take_mark(parent, object);
  }
  return parent;
}

Parent narrowed_parent(const Parent& widened, const DesiredSet& desired,
                       const std::set<ResourceId>& staying, const std::set<GroupKind>& unlisted) {
  Parent parent = widened;
  parent.group_kinds.clear();
  parent.namespaces.clear();
  parent.prune_marks.clear();
  for (const DesiredObject& object : desired.objects()) {
    include(parent, object.id);
    take_mark(parent, object);
  }
  for (const ResourceId& id : staying) {
    include(parent, id);
    const auto kept_mark = widened.prune_marks.find(id);
    if (kept_mark != widened.prune_marks.end()) parent.prune_marks.insert(*kept_mark);
  }
  for (const GroupKind& kind : widened.group_kinds) {
    if (unlisted.contains(kind)) keep_all_of(kind, widened, parent);
  }
  return parent;
}

std::map<ResourceId, Fingerprint> made_jobs(const DesiredSet& desired, const AppliedIndex& index,
                                            const Parent& before) {
  std::map<ResourceId, Fingerprint> jobs;
  for (const DesiredObject& object : desired.objects()) {
    const auto record = index.find(object.id);
    const auto known = before.jobs.find(object.id);
    const bool is_recorded = record != index.end();
    // What is not recorded and yet known was complete when it was.
    const bool is_over = may_have_expired(object) ||
                         (is_recorded ? record->second.is_complete : known != before.jobs.end());
    if (!is_over) continue;
    if (is_recorded) {
      jobs.emplace(object.id, record->second.desired);
    } else if (known != before.jobs.end()) {
      jobs.insert(*known);
    }
  }
  return jobs;
}

bool says_the_same(const Parent& a, const Parent& b) {
  return a.id == b.id && a.kustomization == b.kustomization && a.group_kinds == b.group_kinds &&
         a.namespaces == b.namespaces && a.rendering == b.rendering && a.contained == b.contained &&
         a.prune_marks == b.prune_marks && a.jobs == b.jobs && a.members == b.members &&
         a.confirmed_prune == b.confirmed_prune && a.on_removal == b.on_removal &&
         a.removal_wait == b.removal_wait && a.pause == b.pause;
}

const LiveParent* live_parent(const ClusterView& view, const KustomizationName& name) {
  const auto parent = view.parents.find(applyset_id(name));
  return parent == view.parents.end() ? nullptr : &parent->second;
}

std::optional<CommitId> commit_of_parent(const ClusterView& view, const KustomizationName& name) {
  const LiveParent* parent = live_parent(view, name);
  if (parent == nullptr) return std::nullopt;
  const std::string_view revision = parent->parent.revision;
  const std::size_t colon = revision.rfind(':');
  Result<CommitId> commit =
      CommitId::parse(revision.substr(colon == std::string_view::npos ? 0 : colon + 1));
  return commit ? std::optional<CommitId>(std::move(*commit)) : std::nullopt;
}

Task<Result<void>> look_at_parents(Cluster& cluster, ClusterSight& sight, KustomizationName root) {
  if (sight.has_parents) co_return Result<void>();
  if (sight.live != nullptr && sight.live->shows_parents()) {
    sight.live->copy_parents_to(sight.view);
  } else {
    CO_TRY(sight.view, co_await list_parents(cluster));
  }
  sight.has_parents = true;
  if (live_parent(sight.view, root) != nullptr) co_return Result<void>();
  CO_TRY(std::optional<LiveParent> hidden, co_await find_parent(cluster, root));
  if (hidden) sight.view.parents.insert_or_assign(applyset_id(root), std::move(*hidden));
  co_return Result<void>();
}

Task<Result<std::optional<LiveParent>>> find_parent(Cluster& cluster, KustomizationName name) {
  std::optional<Value> found;
  std::function<void(const Value&)> each = [&found](const Value& object) { found = object; };
  MetadataQuery query{.group_kind = {"", "ConfigMap"},
                      .namespace_name = std::string(system_namespace),
                      .label_selector = {},
                      .name = parent_name(name)};
  CO_CHECK(co_await cluster.list_metadata(std::move(query), std::move(each)));
  if (!found) co_return std::nullopt;
  const std::string_view tooling =
      found->text_at("metadata", "annotations", applyset_tooling_annotation);
  if (!tooling.empty() && !is_our_tooling(tooling)) {
    co_return fail(
        ErrorKind::conflict,
        fmt::format("ConfigMap/{}/{} is the ApplySet parent of {}: remove it, or have {} "
                    "call its set otherwise",
                    system_namespace, parent_name(name), tooling, tooling));
  }
  LiveParent live{.parent = read_marks(*found),
                  .resource_version = std::string(found->text_at("metadata", "resourceVersion"))};
  live.parent.rendering.reset();  // so that it is written, and with its label
  co_return live;
}

Task<Result<void>> apply_system_namespace(Cluster& cluster) {
  ApplyRequest request{.id = {"", "Namespace", "", std::string(system_namespace)},
                       .version = "v1",
                       .body = system_namespace_body(),
                       .uid = {},
                       .resource_version = {}};
  CO_TRY(const Applied applied, co_await cluster.apply(std::move(request)));
  co_return Result<void>();
}

Task<Result<std::string>> apply_parent(Cluster& cluster, Parent parent,
                                       std::string resource_version) {
  ApplyRequest request{.id = parent_id(parent.kustomization),
                       .version = "v1",
                       .body = write_json(write_parent(parent)),
                       .uid = {},
                       .resource_version = resource_version};
  Result<Applied> applied = co_await cluster.apply(request);
  if (!applied && applied.error().kind == ErrorKind::unavailable && cluster.is_answering()) {
    // The namespace may have been deleted since the parents were listed.
    CO_CHECK(co_await apply_system_namespace(cluster));
    applied = co_await cluster.apply(std::move(request));
  }
  if (!applied) {
    co_return std::unexpected(with_context("ApplySet parent", std::move(applied).error()));
  }
  co_return std::move(applied->live.resource_version);
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "reconcile/settlement.hpp"

#include "flux/flux_object.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/readiness.hpp"
#include "reconcile/release_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// As kustomize-controller does, in the place of the readiness.
Result<void> condition_holds(const ReadyCondition& condition, const KustomizationState& dependant,
                             const KustomizationState& other) {
  const std::string name = to_string(other.spec.name);
  const Result<bool> holds = condition.holds_for(as_flux_object(dependant), as_flux_object(other));
  if (!holds) {
    return fail(ErrorKind::unavailable,
                fmt::format("dependency '{}': readyExpr: {}", name, holds.error().message));
  }
  if (*holds) return {};
  return fail(ErrorKind::unavailable,
              fmt::format("dependency '{}' is not ready according to readyExpr", name));
}

std::set<ResourceId> ids_of(const std::vector<AwaitedObject>& objects) {
  std::set<ResourceId> ids;
  for (const AwaitedObject& object : objects) ids.insert(object.id);
  return ids;
}

}  // namespace

void Settlement::hold_back(const HeldBack& held) {
  progress_.done.insert(held.name);
  KustomizationState& state = memory_.kustomizations.at(held.name);
  note_failure(state, held.reason, held.error);
  // What waits for another is no problem of its own.
  const bool is_waiting = held.error.kind == ErrorKind::unavailable;
  if (is_waiting) {
    is_waiting_ = true;
  } else {
    voice_.stuck(subject_of(state), held.error);
  }
}

void Settlement::leave(KustomizationState& state, const Error& error) {
  skip(state.spec.name);
  if (error.kind == ErrorKind::cancelled) {
    is_waiting_ = true;
    become_progressing(state, error.message, loop_.clock().wall_now());
    return;
  }
  become_unready(state, "ReconciliationFailed", error.message, loop_.clock().wall_now());
  voice_.stuck(subject_of(state), error);
}

void Settlement::note_failure(KustomizationState& state, std::string_view reason,
                              const Error& error) {
  failures_.insert(state.spec.name);
  become_unready(state, reason, error.message, loop_.clock().wall_now());
}

// Flux keeps the condition of a suspended Kustomization in the cluster.
void Settlement::remember(KustomizationState& state, std::string revision) {
  if (state.readiness.since) return;
  become_ready(state, std::move(revision), loop_.clock().wall_now());
}

// What the condition Ready becomes.
Task<Result<void>> Settlement::settle(KustomizationState& state, const SetWork& work) {
  const WallTime now = loop_.clock().wall_now();
  progress_.done.insert(state.spec.name);
  // What runs is an older rendering.
  if (failures_.contains(state.spec.name)) co_return Result<void>();
  if (work.is_left_to_others) {
    become_progressing(state, work.stopped->message, now);
  } else if (work.stopped || work.failure) {
    const Error& error = work.stopped ? *work.stopped : *work.failure;
    become_unready(state, "ReconciliationFailed", error.message, now);
  } else if (work.postponed > 0) {
    become_progressing(state, "waits for objects that are being deleted or handed over", now);
  } else {
    CO_CHECK(co_await look_at_health(state, work));
    if (awaits_the_graph(state)) {
      progress_.done.erase(state.spec.name);
      pending_.insert(state.spec.name);
    } else {
      become_healthy(state);
    }
  }
  co_return Result<void>();
}

// All of it after a change and at its interval; in between, while something is missing, what may
// have become another.
Task<Result<void>> Settlement::look_at_health(KustomizationState& state, const SetWork& work) {
  std::vector<AwaitedObject> objects = awaited_objects(state, work.left_alone);
  const SteadyTime now = loop_.clock().now();
  const bool is_new = state.health_key != state.rendered->key || work.changes > 0;
  if (is_new) {
    state.health_deadline = now + state.spec.timeout;
    state.health_key = state.rendered->key;
    state.health_seen_at.reset();
  }
  const std::set<ResourceId> awaited = ids_of(objects);
  std::erase_if(state.unhealthy, [&](const auto& one) { return !awaited.contains(one.first); });
  const bool is_due = !state.health_seen_at || now - *state.health_seen_at >= state.spec.interval;
  if (objects.empty() || (!is_due && state.unhealthy.empty())) co_return Result<void>();
  const bool is_whole = is_due || live_ == nullptr;
  if (!is_whole) {
    std::erase_if(objects, [&](const AwaitedObject& object) {
      return !is_worth_a_look(state, *live_, object.id, look_);
    });
  }
  const std::set<ResourceId> looked_at = ids_of(objects);
  CO_TRY(FoundHealth found, co_await find_health(cluster_, std::move(objects), state.spec.health,
                                                 loop_.clock().wall_now()));
  note_health(state, looked_at, std::move(found));
  if (is_whole) state.health_seen_at = now;
  co_return Result<void>();
}

// What no watch shows is not remembered: of that none will tell.
void Settlement::note_health(KustomizationState& state, const std::set<ResourceId>& looked_at,
                             FoundHealth found) const {
  for (const ResourceId& id : looked_at) {
    state.unhealthy.erase(id);
    state.health_versions.erase(id);
  }
  state.unhealthy.merge(found.unhealthy);
  if (state.unhealthy.empty()) return state.health_versions.clear();
  for (auto& [id, version] : found.versions) {
    const bool is_shown = live_ != nullptr && live_->shows(id.group_kind()) &&
                          (version.empty() || live_->find(id) != nullptr);
    if (is_shown) state.health_versions.insert_or_assign(id, std::move(version));
  }
}

// Whether it waits for Kustomizations that have still to run in this pass.
bool Settlement::awaits_the_graph(const KustomizationState& state) const {
  if (!state.unhealthy.empty()) return false;
  return std::ranges::any_of(awaited_flux_objects(state), [this](const ResourceId& id) {
    const KustomizationName name{id.namespace_name, id.name};
    return is_kustomization(id) && memory_.kustomizations.contains(name) &&
           !progress_.done.contains(name);
  });
}

void Settlement::become_healthy(KustomizationState& state) {
  std::map<ResourceId, Health> unhealthy = state.unhealthy;
  for (const ResourceId& id : awaited_flux_objects(state)) {
    if (stands_for(state, id)) continue;
    if (const std::optional<Health> health = health_for(state, id)) unhealthy.emplace(id, *health);
  }
  become_as_healthy(state, state.rendered->revision, unhealthy, loop_.clock());
  if (state.readiness.ready == Ready::unknown) is_waiting_ = true;
  if (state.readiness.ready == Ready::no) {
    voice_.stuck(subject_of(state), {ErrorKind::unavailable, state.readiness.message});
  }
}

// Whether the Kustomization `id` is the folder's own, which grow() takes for the root: `state`.
bool Settlement::stands_for(const KustomizationState& state, const ResourceId& id) const {
  if (state.container || !is_kustomization(id)) return false;
  return std::ranges::any_of(state.rendered->contained, [&](const Resource& object) {
    if (placed_release(object.id) != id) return false;
    Resource placed = object;
    placed.id = id;
    const Result<KustomizationSpec> spec = KustomizationSpec::read(placed);
    return spec && spec->path == state.spec.path && sources_.is_configured(spec->source);
  });
}

// By the expressions that `state` has for objects of its kind, else by what the graph knows;
// nothing if it is as it should be.
std::optional<Health> Settlement::health_for(const KustomizationState& state,
                                             const ResourceId& id) const {
  std::optional<Value> object;
  if (state.spec.health.covers(id.group, id.kind)) object = flux_object(id);
  if (!object) return health_in_graph(id);
  Health health = state.spec.health.health_of(*object, loop_.clock().wall_now());
  if (health.status == HealthStatus::current) return std::nullopt;
  return health;
}

// A Kustomization or a HelmRelease as Flux would have it; nothing where it is not in Git.
std::optional<Value> Settlement::flux_object(const ResourceId& id) const {
  if (is_kustomization(id)) {
    const auto state = memory_.kustomizations.find({id.namespace_name, id.name});
    if (state == memory_.kustomizations.end()) return std::nullopt;
    return as_flux_object(state->second);
  }
  const auto release = memory_.releases.find(id);
  const Resource* const declared = sources_.declared(id);
  if (release == memory_.releases.end() || declared == nullptr) return std::nullopt;
  const ReadyState& readiness = release->second.readiness;
  Object status{{"lastAttemptedRevision", readiness.revision}};
  return with_ready_condition(declared->object, readiness, std::move(status));
}

// Of one of Flux's objects; nothing if it is as it should be.
std::optional<Health> Settlement::health_in_graph(const ResourceId& id) const {
  const bool is_helm_release = id.group == "helm.toolkit.fluxcd.io" && id.kind == "HelmRelease";
  if (is_helm_release) {
    const bool is_known =
        memory_.releases.contains(placed_release(id)) || sources_.declared(id) != nullptr;
    if (is_known) return unhealthy_release(memory_.releases, id);
    return Health{.status = HealthStatus::not_found, .message = "is not in Git"};
  }
  if (!is_kustomization(id)) return health_of_source(id);
  const auto other = memory_.kustomizations.find({id.namespace_name, id.name});
  if (other == memory_.kustomizations.end()) {
    return Health{.status = HealthStatus::not_found, .message = "is not in Git"};
  }
  const ReadyState& readiness = other->second.readiness;
  if (readiness.ready == Ready::yes) return std::nullopt;
  return Health{.status = HealthStatus::in_progress, .message = readiness.message};
}

// Of kinds that are not served nobody knows.
std::optional<Health> Settlement::health_of_source(const ResourceId& id) const {
  if (!is_followed_source(id)) return std::nullopt;
  Health health = sources_.health_of(id);
  if (health.status == HealthStatus::current) return std::nullopt;
  const bool is_nobodys =
      health.status != HealthStatus::not_found && !is_asked_source(id, memory_.kustomizations);
  if (is_nobodys) return std::nullopt;
  return health;
}

// Those of which all that they wait for has run.
void Settlement::settle_pending() {
  std::erase_if(pending_, [this](const KustomizationName& name) {
    KustomizationState& state = memory_.kustomizations.at(name);
    if (awaits_the_graph(state)) return false;
    progress_.done.insert(name);
    become_healthy(state);
    return true;
  });
}

bool Settlement::settle_the_rest() {
  if (pending_.empty()) return false;
  for (const KustomizationName& name : pending_) {
    progress_.done.insert(name);
    become_healthy(memory_.kustomizations.at(name));
  }
  pending_.clear();
  return true;
}

// kustomize-controller's checkDependencies.
Result<void> Settlement::dependency_ready(const KustomizationState& dependant,
                                          const Dependency& dependency) const {
  const KustomizationState& other = memory_.kustomizations.at(dependency.name);
  const std::string name = to_string(dependency.name);
  if (dependency.condition) return condition_holds(*dependency.condition, dependant, other);
  if (other.readiness.ready != Ready::yes) {
    return fail(ErrorKind::unavailable, fmt::format("dependency '{}' is not ready", name));
  }
  if (other.spec.source == dependant.spec.source) {
    const Result<SourceContent> source = sources_.find(other.spec.source);
    if (source && source->revision != other.readiness.revision) {
      return fail(ErrorKind::unavailable, fmt::format("dependency '{}' is not updated yet", name));
    }
  }
  return {};
}

}  // namespace primocane

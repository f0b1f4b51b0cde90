// SPDX-License-Identifier: Apache-2.0
#include "reconcile/helm_releases.hpp"

#include "document/json.hpp"
#include "reconcile/release_health.hpp"
#include "reconcile/release_order.hpp"
#include "reconcile/release_sets.hpp"
#include "reconcile/suspended_release.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr Duration again_after_failure = std::chrono::minutes(1);

// Reads what Git declares now. What was made of an older spec stays until something can be made of
// this one.
void read_release(const Resource& declared, ReleaseState& state) {
  const Fingerprint print = fingerprint(write_canonical_json(declared.object));
  if (state.spec && state.declared == print) return;
  state.declared = print;
  state.spec.reset();
  state.fault.reset();
  state.is_stale = true;
  state.values.reset();
  state.due.reset();
  Resource object = declared;
  object.id = placed_release(std::move(object.id));
  Result<HelmReleaseSpec> spec = HelmReleaseSpec::read(object);
  if (spec) {
    state.spec = std::move(*spec);
  } else {
    state.fault = std::move(spec).error();
  }
}

bool are_equal(const std::vector<Resource>& before, const std::vector<Resource>& now) {
  return std::ranges::equal(before, now, [](const Resource& a, const Resource& b) {
    return a.id == b.id && a.object == b.object;
  });
}

// Other objects make another release, of which nothing is known yet.
void take_objects(ReleaseState& state, std::vector<Resource> objects) {
  if (!state.objects || !are_equal(*state.objects, objects)) {
    state.health = {};
    state.health.status = HealthStatus::in_progress;
    state.health.message =
        objects.empty() ? "suspended before it was installed" : "its HelmChart is applied";
    state.health_version.clear();
  }
  state.objects = std::move(objects);
  state.is_stale = false;
}

}  // namespace

Task<void> HelmReleases::plan(std::vector<KustomizationState*> states) {
  if (!inputs_) co_return;
  forget_what_left_git();
  const std::vector<ResourceId> ids = in_order_of_dependencies(read_specs(states), releases_);
  for (const ResourceId& id : ids) co_await plan_release(&releases_.at(id));
  for (KustomizationState* state : states) merge_releases(*state, releases_);
}

// Of all of them, before the first is made: they depend on each other. One that several
// Kustomizations contain is that of the first.
std::vector<ResourceId> HelmReleases::read_specs(const std::vector<KustomizationState*>& states) {
  std::vector<ResourceId> ids;
  std::set<ResourceId> known;
  for (const KustomizationState* state : states) {
    for (const Resource& object : state->rendered->contained) {
      if (!is_release(object)) continue;
      const ResourceId id = placed_release(object.id);
      if (!known.insert(id).second) continue;
      read_release(object, releases_[id]);
      ids.push_back(id);
    }
  }
  return ids;
}

void HelmReleases::forget_what_left_git() {
  std::set<ResourceId> in_git;
  for (const auto& [name, state] : kustomizations_) {
    if (!state.rendered) continue;
    for (const Resource& object : state.rendered->contained) {
      if (is_release(object)) in_git.insert(placed_release(object.id));
    }
  }
  std::erase_if(releases_, [&](const auto& entry) { return !in_git.contains(entry.first); });
}

Task<void> HelmReleases::plan_release(ReleaseState* state) {
  state->is_held_back = false;
  if (state->fault) {
    state->failure = state->fault;
    co_return;
  }
  Result<void> done = co_await bring_up_to_date(state);
  state->failure.reset();
  if (done) co_return;
  state->failure = std::move(done).error();
  const SteadyTime now = clock_.now();
  const SteadyTime again = now + again_after_failure;
  if (!state->due || *state->due <= now || *state->due > again) state->due = again;
}

Task<Result<void>> HelmReleases::bring_up_to_date(ReleaseState* state) {
  CO_CHECK(name_is_free(*state->spec));
  if (state->spec->is_suspended) {
    Result<void> frozen = co_await freeze(state);
    co_return frozen;
  }
  Result<void> ready = dependencies_ready(*state->spec);
  if (!ready) {
    state->is_held_back = ready.error().kind == ErrorKind::unavailable;
    co_return ready;
  }
  const bool is_due = asking_ == AskNow::always || !state->due || clock_.now() >= *state->due;
  Result<void> found = co_await inputs_->find_chart(state, is_due);
  if (!found) {
    // Its source may be in what is still to be rendered.
    const bool is_missing = !state->chart_failure && found.error().kind == ErrorKind::unavailable;
    state->is_held_back = is_missing && !is_graph_rendered();
    co_return found;
  }
  CO_CHECK(co_await inputs_->read_values(state, is_due));
  if (is_due) state->due = clock_.now() + state->spec->interval;
  if (state->objects && !state->is_stale) co_return Result<void>();
  CO_CHECK(co_await make_objects(state));
  co_return Result<void>();
}

Task<Result<void>> HelmReleases::make_objects(ReleaseState* state) {
  CO_TRY(const HelmChartKind* kind, co_await look_up_kind());
  CO_TRY(ReleaseObjects made, release_objects(*state->spec, *state->chart, *state->values, *kind));
  take_objects(*state, std::move(made.objects));
  state->ignored = state->spec->ignored;
  state->ignored.insert(state->ignored.end(), made.ignored.begin(), made.ignored.end());
  co_return Result<void>();
}

// Nothing of a suspended release changes, whatever Git and its sources say.
Task<Result<void>> HelmReleases::freeze(ReleaseState* state) {
  state->due.reset();
  if (state->objects && !state->is_stale) co_return Result<void>();
  CO_TRY(std::vector<Resource> objects, co_await read_suspended_release(cluster_, &*state->spec));
  take_objects(*state, std::move(objects));
  co_return Result<void>();
}

bool HelmReleases::is_graph_rendered() const {
  return std::ranges::all_of(kustomizations_,
                             [](const auto& entry) { return entry.second.rendered.has_value(); });
}

// Two releases of one name in one namespace are one HelmChart; the first by its name has it.
Result<void> HelmReleases::name_is_free(const HelmReleaseSpec& spec) const {
  for (const auto& [id, other] : releases_) {
    const bool is_same = other.spec && id < spec.id &&
                         id.namespace_name == spec.id.namespace_name &&
                         other.spec->release_name == spec.release_name;
    if (!is_same) continue;
    return fail(
        ErrorKind::invalid,
        fmt::format("{}: the release name {} is that of {} too, and a HelmChart is named by "
                    "it: set spec.releaseName",
                    to_string(spec.origin), spec.release_name, to_string(id)));
  }
  return {};
}

Result<void> HelmReleases::dependencies_ready(const HelmReleaseSpec& spec) const {
  if (spec.depends_on.empty()) return {};
  if (const std::optional<std::string> circle = dependency_circle(spec.id, releases_)) {
    return fail(ErrorKind::invalid, fmt::format("{}: spec.dependsOn leads in a circle: {}",
                                                to_string(spec.origin), *circle));
  }
  for (const ReleaseDependency& dependency : spec.depends_on) {
    const auto other = releases_.find(dependency.release);
    if (other != releases_.end() && other->second.is_ready()) continue;
    return fail(ErrorKind::unavailable,
                fmt::format("dependency '{}/{}' is not ready", dependency.release.namespace_name,
                            dependency.release.name));
  }
  return {};
}

Task<Result<const HelmChartKind*>> HelmReleases::look_up_kind() {
  if (!kind_) {
    CO_TRY(std::optional<Value> definition, co_await cluster_.get(helm_chart_definition(), "v1"));
    if (!definition) {
      co_return fail(ErrorKind::unavailable,
                     "the cluster has no Helm controller, which brings the kind HelmChart: start "
                     "K3s without disable-helm-controller, or install k3s-io/helm-controller");
    }
    kind_.emplace(*definition);
  }
  co_return &*kind_;
}

std::optional<SteadyTime> HelmReleases::next_due(SteadyTime began) const {
  std::optional<SteadyTime> next;
  for (const auto& [id, state] : releases_) {
    if (state.due && *state.due > began && (!next || *state.due < *next)) next = state.due;
  }
  return next;
}

bool HelmReleases::is_waiting() const {
  return std::ranges::any_of(releases_, [](const auto& entry) {
    const ReleaseState& state = entry.second;
    const bool is_suspended = state.spec && state.spec->is_suspended;
    const bool is_settled =
        state.health.status == HealthStatus::current || state.health.status == HealthStatus::failed;
    return state.is_held_back || (state.objects && !is_suspended && !is_settled);
  });
}

Task<void> HelmReleases::look(std::vector<KustomizationState*> states, const ClusterSight& sight) {
  if (!inputs_) co_return;
  for (const KustomizationState* state : states) {
    for (const Resource& object : state->rendered->contained) {
      if (!is_release(object)) continue;
      ReleaseState& release = releases_.at(placed_release(object.id));
      if (release.objects && !release.objects->empty()) co_await look_at(&release, &sight);
      update_readiness(release, clock_.wall_now());
    }
  }
}

Task<void> HelmReleases::look_at(ReleaseState* release, const ClusterSight* sight) {
  ResourceId chart = release->objects->back().id;
  const auto live = sight->view.labelled.find(chart);
  if (live == sight->view.labelled.end()) {
    release->health = Health{};
    release->health.status = HealthStatus::in_progress;
    release->health.message = "waits for its HelmChart";
    co_return;
  }
  const std::string version = live->second.resource_version;
  const bool is_known =
      release->health.status == HealthStatus::current && release->health_version == version;
  if (is_known) co_return;
  Result<Health> health = co_await read_release_health(cluster_, std::move(chart));
  if (!health) {
    release->failure = std::move(health).error();
    co_return;
  }
  release->health = std::move(*health);
  release->health_version = version;
}

}  // namespace primocane

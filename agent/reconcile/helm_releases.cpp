// SPDX-License-Identifier: Apache-2.0
#include "reconcile/helm_releases.hpp"

#include "document/json.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/release_health.hpp"
#include "reconcile/release_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace primocane {

namespace {

constexpr Duration again_after_failure = std::chrono::minutes(1);

ResourceId values_object(const HelmReleaseSpec& spec, const ValuesReference& reference) {
  return {"", reference.kind, spec.id.namespace_name, reference.name};
}

std::vector<ReferencedValues> no_values() { return {}; }

}  // namespace

Task<void> HelmReleases::plan(std::vector<KustomizationState*> states) {
  if (finder_ == nullptr) co_return;
  forget_what_left_git();
  for (KustomizationState* state : states) {
    for (const Resource& object : state->rendered->contained) {
      if (is_release(object)) co_await plan_release(&object);
    }
    merge_releases(*state, releases_);
  }
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

Task<void> HelmReleases::plan_release(const Resource* declared) {
  ReleaseState& state = releases_[placed_release(declared->id)];
  state.is_held_back = false;
  Result<void> done = co_await bring_up_to_date(declared, &state);
  state.failure.reset();
  if (done) co_return;
  state.failure = std::move(done).error();
  state.due = clock_.now() + again_after_failure;
}

Task<Result<void>> HelmReleases::bring_up_to_date(const Resource* declared, ReleaseState* state) {
  CO_CHECK(read_spec(*declared, *state));
  CO_CHECK(name_is_free(*state->spec));
  Result<void> ready = dependencies_ready(*state->spec);
  state->is_held_back = !ready;
  if (!ready) co_return ready;
  const bool is_due = asking_ == AskNow::always || !state->due || clock_.now() >= *state->due;
  CO_CHECK(co_await find_chart(state, is_due));
  CO_CHECK(co_await read_values(state, is_due));
  if (is_due) state->due = clock_.now() + state->spec->interval;
  if (state->objects && !state->is_stale) co_return Result<void>();
  CO_TRY(const HelmChartKind* kind, co_await look_up_kind());
  CO_TRY(ReleaseObjects made, release_objects(*state->spec, *state->chart, *state->values, *kind));
  state->objects = std::move(made.objects);
  state->is_stale = false;
  state->ignored = state->spec->ignored;
  state->ignored.insert(state->ignored.end(), made.ignored.begin(), made.ignored.end());
  co_return Result<void>();
}

Result<void> HelmReleases::read_spec(const Resource& declared, ReleaseState& state) const {
  const Fingerprint print = fingerprint(write_canonical_json(declared.object));
  if (state.spec && state.declared == print) return {};
  state.declared = print;
  state.spec.reset();
  // What was made of the old spec stays until something can be made of this one.
  state.is_stale = true;
  state.values.reset();
  state.due.reset();
  Resource object = declared;
  object.id = placed_release(std::move(object.id));
  state.spec = TRY(HelmReleaseSpec::read(object));
  return {};
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
  for (const ReleaseDependency& dependency : spec.depends_on) {
    const auto other = releases_.find(dependency.release);
    if (other != releases_.end() && other->second.is_ready()) continue;
    return fail(ErrorKind::unavailable,
                fmt::format("dependency '{}/{}' is not ready", dependency.release.namespace_name,
                            dependency.release.name));
  }
  return {};
}

Result<ChartQuestion> HelmReleases::question_of(const HelmReleaseSpec& spec) const {
  std::optional<ChartRequest> chart = spec.chart;
  SourceReference reference = chart ? chart->source : *spec.chart_reference;
  if (reference.kind == "HelmChart") {
    const Resource* object = contained(source_id(reference));
    if (object != nullptr) {
      chart = TRY(HelmChartSpec::read(*object)).chart;
      reference = chart->source;
    }
  }
  const Resource* source = contained(source_id(reference));
  if (source != nullptr) return ChartQuestion{.source = *source, .chart = std::move(chart)};
  return fail(ErrorKind::unavailable, fmt::format("{}: {} is in none of the Kustomizations",
                                                  to_string(spec.origin), to_string(reference)));
}

Task<Result<void>> HelmReleases::find_chart(ReleaseState* state, bool is_due) {
  CO_TRY(ChartQuestion question, question_of(*state->spec));
  std::string text = write_canonical_json(question.source.object);
  if (question.chart)
    text += fmt::format("\n{}\n{}", question.chart->name, question.chart->version);
  const Fingerprint print = fingerprint(text);
  const bool is_same = state->chart && state->question == print;
  const bool is_settled = state->spec->is_suspended || !is_due;
  if (is_same && is_settled) co_return Result<void>();
  CO_TRY(ResolvedChart found, co_await finder_->find(std::move(question), cluster_));
  const bool is_news = !state->chart || *state->chart != found;
  state->question = print;
  state->chart = std::move(found);
  if (is_news) state->is_stale = true;
  co_return Result<void>();
}

// What Git says of a ConfigMap or Secret is what will be in the cluster, and is there at once.
Fingerprint HelmReleases::given_values(const HelmReleaseSpec& spec) const {
  std::string text;
  for (const ValuesReference& reference : spec.values_from) {
    const DesiredObject* given = desired(values_object(spec, reference));
    text += given == nullptr ? "-" : to_string(given->hash);
  }
  return fingerprint(text);
}

Task<Result<void>> HelmReleases::read_values(ReleaseState* state, bool is_due) {
  const HelmReleaseSpec& spec = *state->spec;
  const Fingerprint given = given_values(spec);
  if (state->values && state->given == given && !is_due) co_return Result<void>();
  std::vector<ReferencedValues> found = no_values();
  bool holds_secrets = false;
  for (const ValuesReference& reference : spec.values_from) {
    CO_TRY(std::optional<std::string> text, co_await read_reference(&spec, &reference));
    if (!text) continue;
    found.emplace_back();
    found.back().reference = reference;
    found.back().text = std::move(*text);
    holds_secrets = holds_secrets || reference.kind == "Secret";
  }
  Result<Value> merged = merged_chart_values(spec.values, found);
  if (!merged) {
    co_return std::unexpected(with_context(to_string(spec.origin), std::move(merged).error()));
  }
  ChartValues values;
  values.values = std::move(*merged);
  values.holds_secrets = holds_secrets;
  const bool is_news = !state->values || state->values->values != values.values ||
                       state->values->holds_secrets != values.holds_secrets;
  state->given = given;
  state->values = std::move(values);
  if (is_news) state->is_stale = true;
  co_return Result<void>();
}

Task<Result<std::optional<std::string>>> HelmReleases::read_reference(
    const HelmReleaseSpec* spec, const ValuesReference* reference) {
  ResourceId id = values_object(*spec, *reference);
  std::optional<Value> object;
  if (const DesiredObject* given = desired(id)) {
    CO_TRY(object, read_json(given->body, to_string(id)));
  } else {
    CO_TRY(object, co_await cluster_.get(std::move(id), "v1"));
  }
  Result<std::optional<std::string>> text =
      referenced_text(*reference, object ? &*object : nullptr);
  if (!text) {
    co_return std::unexpected(with_context(to_string(spec->origin), std::move(text).error()));
  }
  co_return text;
}

const DesiredObject* HelmReleases::desired(const ResourceId& id) const {
  for (const auto& [name, state] : kustomizations_) {
    const DesiredObject* found = state.rendered ? state.rendered->desired.find(id) : nullptr;
    if (found != nullptr) return found;
  }
  return nullptr;
}

const Resource* HelmReleases::contained(const ResourceId& id) const {
  for (const auto& [name, state] : kustomizations_) {
    if (!state.rendered) continue;
    for (const Resource& object : state.rendered->contained) {
      if (placed_release(object.id) == id) return &object;
    }
  }
  return nullptr;
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

bool HelmReleases::is_whole(const KustomizationState& state) const {
  if (!state.rendered) return true;
  return std::ranges::all_of(state.rendered->contained, [this](const Resource& object) {
    if (!is_release(object)) return true;
    const auto release = releases_.find(placed_release(object.id));
    return release != releases_.end() && release->second.objects.has_value();
  });
}

std::optional<SteadyTime> HelmReleases::next_due() const {
  std::optional<SteadyTime> next;
  for (const auto& [id, state] : releases_) {
    if (state.due && (!next || *state.due < *next)) next = state.due;
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
  if (finder_ == nullptr) co_return;
  for (const KustomizationState* state : states) {
    for (const Resource& object : state->rendered->contained) {
      if (!is_release(object)) continue;
      ReleaseState& release = releases_.at(placed_release(object.id));
      if (!release.objects || release.objects->empty()) continue;
      ResourceId chart = release.objects->back().id;
      const auto live = sight.view.labelled.find(chart);
      if (live == sight.view.labelled.end()) {
        release.health = Health{};
        release.health.status = HealthStatus::not_found;
        continue;
      }
      const std::string version = live->second.resource_version;
      const bool is_known =
          release.health.status == HealthStatus::current && release.health_version == version;
      if (is_known) continue;
      Result<Health> health = co_await read_release_health(cluster_, std::move(chart));
      if (!health) {
        release.failure = std::move(health).error();
        continue;
      }
      release.health = std::move(*health);
      release.health_version = version;
    }
  }
}

}  // namespace primocane

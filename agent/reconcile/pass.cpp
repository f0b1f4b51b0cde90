// SPDX-License-Identifier: Apache-2.0
#include "reconcile/pass.hpp"

#include "base/task_group.hpp"
#include "reconcile/health_checks.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/ordering.hpp"
#include "reconcile/parents.hpp"
#include "reconcile/readiness.hpp"
#include "reconcile/renderings.hpp"
#include "reconcile/set_reconciler.hpp"
#include "reconcile/voice.hpp"
#include "resource/applyset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

namespace primocane {

namespace {

// Rendering takes a processor each; more than two children take each other's time.
constexpr std::size_t renderings_at_once = 2;
constexpr std::size_t questions_at_once = 4;

Error already_told() { return {ErrorKind::cancelled, {}}; }

std::string commit_words(const CommitId& commit) {
  return fmt::format("commit {}", commit.abbreviated());
}

// The commit in a revision as Flux writes it: "main@sha1:0123...".
std::optional<CommitId> commit_in(std::string_view revision) {
  const std::size_t colon = revision.rfind(':');
  Result<CommitId> commit =
      CommitId::parse(revision.substr(colon == std::string_view::npos ? 0 : colon + 1));
  return commit ? std::optional<CommitId>(std::move(*commit)) : std::nullopt;
}

OnRemoval on_removal(const KustomizationSpec& spec) {
  switch (spec.deletion_policy) {
    case DeletionPolicy::mirror_prune:
      return spec.is_pruning ? OnRemoval::prune : OnRemoval::orphan;
    case DeletionPolicy::remove:
    case DeletionPolicy::wait_for_termination:
      return OnRemoval::remove;
    case DeletionPolicy::orphan:
      return OnRemoval::orphan;
  }
  return OnRemoval::orphan;
}

// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
std::string user_of(const KustomizationSpec& spec) {
  if (spec.service_account.empty()) return {};
  return fmt::format("system:serviceaccount:{}:{}", spec.name.namespace_name, spec.service_account);
}

class Pass {
 public:
  Pass(PassParts parts, const PassSettings& settings, PassMemory& memory, PassRequest request)
      : parts_(parts),
        settings_(settings),
        memory_(memory),
        request_(std::move(request)),
        voice_(parts.events, memory, report_),
        renderings_(parts.renderer, parts.repository, parts.cluster, parts.sources, sight_,
                    {.limits = settings.limits, .objects_max = settings.objects_max}),
        sets_(parts.cluster, parts.loop, sight_, memory, voice_, settings.apply),
        began_(parts.loop.clock().now()),
        saved_applied_(memory.applied),
        saved_in_force_(memory.in_force),
        saved_root_(memory.root) {}

  Task<PassReport> run() {
    const AppliedIndex index_before = memory_.index;
    begin();
    const Result<void> done = co_await steps();
    if (!done) voice_.stopped(done.error());
    conclude();
    save_revisions();
    if (memory_.index != index_before) save_index();
    report_.duration = parts_.loop.clock().now() - began_;
    voice_.finish();
    co_return std::move(report_);
  }

 private:
  void begin() {
    if (!request_.confirm_prune.empty()) memory_.confirmed_prune = request_.confirm_prune;
    if (!memory_.kustomizations.contains(root_name())) root().spec = plain_root();
    if (request_.is_asked_for) {
      for (auto& [name, state] : memory_.kustomizations) state.unrenderable.clear();
    }
    note_root();
  }

  // An error ends the pass; it has not been told yet.
  Task<Result<void>> steps() {
    CO_TRY(const Revision revision, co_await update_source());
    parts_.sources.set_configured(revision);
    CO_CHECK(co_await render_root(revision));
    CO_CHECK(co_await look_at_parents());
    CO_CHECK(co_await refuse_rewrite_of_parent());
    CO_CHECK(co_await run_waves());
    CO_CHECK(co_await prune());
    forget_what_is_gone();
    co_return Result<void>();
  }

  // The newest revision: from the remote, or from disk when it does not answer.
  Task<Result<Revision>> update_source() {
    std::optional<CommitId> in_force;
    if (memory_.in_force) in_force = memory_.in_force->commit;
    Result<Revision> updated = co_await parts_.repository.update(in_force, request_.rewrite);
    if (const auto damage = parts_.repository.take_damage()) {
      voice_.mirror_damaged(*damage, updated);
    }
    report_.source_answered = updated.has_value() || updated.error().kind == ErrorKind::denied;
    if (!updated) voice_.source_failed(updated.error());
    report_.fetched = updated ? *updated : newest_here();
    if (!report_.fetched) co_return std::unexpected(already_told());
    co_return *report_.fetched;
  }

  // What is on disk; when that is damaged, what is in memory.
  std::optional<Revision> newest_here() {
    const Result<std::optional<Revision>> on_disk = parts_.repository.on_disk();
    if (on_disk && *on_disk) return *on_disk;
    return root().rendered ? memory_.rendered : std::nullopt;
  }

  // Leaves in the root's state what the revision desires or, when it can't be rendered, what was
  // desired last.
  Task<Result<void>> render_root(Revision revision) {
    const Result<void> rendered = co_await render_root_as_itself();
    if (rendered) {
      const bool is_news = !memory_.rendered || memory_.rendered->commit != revision.commit;
      memory_.rendered = revision;
      note_root();
      if (is_news) voice_.revision(revision);
      co_return Result<void>();
    }
    note_failure(root(), "BuildFailed", rendered.error());
    voice_.render_failed(subject_of(root()), commit_words(revision.commit), rendered.error());
    if (root().rendered) co_return Result<void>();
    CO_TRY(const Revision last, co_await last_in_force());
    if (last.commit == revision.commit) co_return std::unexpected(already_told());
    const Result<void> restored = co_await renderings_.restore(root(), last.commit);
    if (!restored) {
      voice_.render_failed(subject_of(root()), commit_words(last.commit), restored.error());
      co_return std::unexpected(already_told());
    }
    memory_.rendered = last;
    note_root();
    co_return Result<void>();
  }

  // A folder that Flux was bootstrapped in has a Kustomization of its own, which says how it is
  // rendered and what its set is called.
  Task<Result<void>> render_root_as_itself() {
    constexpr int rounds_max = 3;
    for (int round = 0; round < rounds_max; ++round) {
      CO_CHECK(co_await renderings_.refresh(root()));
      std::optional<KustomizationSpec> own = own_kustomization(root(), settings_.repository);
      if (!memory_.root) CO_CHECK(co_await settle_root_name(own));
      KustomizationSpec spec = own ? std::move(*own) : plain_root();
      spec.name = root_name();
      const bool is_same = spec.name == root().spec.name && builds_the_same(spec, root().spec);
      root().spec = std::move(spec);
      if (is_same) co_return Result<void>();
    }
    co_return Result<void>();
  }

  // Once and for all: the set's id hangs on it. A set that exists keeps its name.
  Task<Result<void>> settle_root_name(std::optional<KustomizationSpec> own) {
    KustomizationName name = settings_.name;
    if (own && own->name != name) {
      CO_CHECK(co_await look_at_parents());
      if (!sight_.view.parents.contains(applyset_id(name))) name = own->name;
    }
    if (name != settings_.name) {
      KustomizationStates::node_type node = memory_.kustomizations.extract(settings_.name);
      node.key() = name;
      memory_.kustomizations.insert(std::move(node));
    }
    memory_.root = name;
    co_return Result<void>();
  }

  // What stays while the newest can't be rendered: by memory or, on a card that has none, by the
  // parent.
  Task<Result<Revision>> last_in_force() {
    if (memory_.in_force) co_return *memory_.in_force;
    CO_CHECK(co_await look_at_parents());
    const std::optional<CommitId> commit = commit_of_parent(root_name());
    if (!commit) co_return std::unexpected(already_told());
    Result<Revision> last = co_await parts_.repository.resolve(commit->str());
    co_return last;
  }

  // Once for a pass.
  Task<Result<void>> look_at_parents() {
    if (has_parents_) co_return Result<void>();
    CO_TRY(sight_.view, co_await list_parents(parts_.cluster));
    has_parents_ = true;
    if (live_parent(root_name()) != nullptr) co_return Result<void>();
    CO_TRY(std::optional<LiveParent> hidden, co_await find_parent(parts_.cluster, root_name()));
    if (hidden) sight_.view.parents.insert_or_assign(applyset_id(root_name()), std::move(*hidden));
    co_return Result<void>();
  }

  // On a node that knows nothing yet, the parent tells which commit is in force.
  Task<Result<void>> refuse_rewrite_of_parent() {
    if (memory_.in_force) co_return Result<void>();
    std::optional<CommitId> commit = commit_of_parent(root_name());
    if (!commit || *commit == memory_.rendered->commit) co_return Result<void>();
    Result<Revision> checked =
        co_await parts_.repository.update(std::move(commit), request_.rewrite);
    // Not to know is no leave: what is here may be older than what is in force, or unrelated.
    if (!checked) co_return std::unexpected(std::move(checked).error());
    co_return Result<void>();
  }

  // Runs what may run, and again what may run then, until every Kustomization has or can't.
  Task<Result<void>> run_waves() {
    take_up_content();
    const IsReady is_ready = [this](const KustomizationState& dependant,
                                    const Dependency& dependency) {
      return dependency_ready(dependant, dependency);
    };
    for (;;) {
      settle_pending();
      const Wave wave = next_wave(memory_.kustomizations, progress_, is_ready);
      for (const KustomizationName& name : wave.suspended) progress_.done.insert(name);
      for (const HeldBack& held : wave.held_back) hold_back(held);
      if (wave.runs.empty() && wave.suspended.empty() && wave.held_back.empty()) {
        if (pending_.empty()) break;
        settle_what_stays_pending();
      }
      if (wave.runs.empty()) continue;
      std::vector<KustomizationState*> states = states_of(wave.runs);
      CO_CHECK(co_await run_wave(std::move(states)));
      take_up_content();
      CO_CHECK(co_await settle_all(wave.runs));
    }
    co_return Result<void>();
  }

  // What the renderings contain: other Kustomizations and their sources.
  void take_up_content() {
    content_ = grow(memory_.kustomizations, root_name(), settings_.repository);
    for (auto work = works_.begin(); work != works_.end();) {
      const bool is_gone = !memory_.kustomizations.contains(work->first);
      if (is_gone) sets_.forget(work->first);
      if (is_gone) pending_.erase(work->first);
      work = is_gone ? works_.erase(work) : std::next(work);
    }
    parts_.sources.declare(content_.objects, settings_.repository);
  }

  Task<Result<void>> run_wave(std::vector<KustomizationState*> states) {
    co_await ask_sources(states);
    co_await render_all(states);
    drop_unrendered(states);
    CO_CHECK(co_await look(states));
    drop_unrendered(states);
    std::vector<SetWork*> works = works_of(states);
    report_.has_compared = true;
    std::function<void()> before_writing = [this] { put_in_force(); };
    CO_CHECK(co_await sets_.apply(works, others_than(states), std::move(before_writing)));
    co_return Result<void>();
  }

  // What was never rendered has nothing to apply.
  void drop_unrendered(std::vector<KustomizationState*>& states) {
    std::erase_if(states, [this](const KustomizationState* state) {
      if (!state->rendered) progress_.done.insert(state->spec.name);
      return !state->rendered;
    });
  }

  Task<void> ask_sources(const std::vector<KustomizationState*>& states) {
    std::set<SourceReference> references;
    for (const KustomizationState* state : states) references.insert(state->spec.source);
    TaskGroup group(questions_at_once);
    for (const SourceReference& reference : references) {
      group.add(parts_.sources.update(reference, parts_.cluster, request_.is_asked_for));
    }
    co_await group.wait();
  }

  Task<void> render_all(const std::vector<KustomizationState*>& states) {
    TaskGroup group(renderings_at_once);
    for (KustomizationState* state : states) {
      progress_.ran.insert(state->spec.name);
      if (state->container) group.add(render(*state));
    }
    co_await group.wait();
  }

  // What can't be rendered leaves what was rendered last in force.
  Task<void> render(KustomizationState& state) {
    const Result<void> rendered = co_await renderings_.refresh(state);
    if (rendered) {
      failures_.erase(state.spec.name);
      co_return;
    }
    const Result<SourceContent> source = parts_.sources.find(state.spec.source);
    note_failure(state, source ? "BuildFailed" : "ArtifactFailed", rendered.error());
    voice_.render_failed(subject_of(state), source ? source->revision : std::string("source"),
                         rendered.error());
    const std::optional<CommitId> last = commit_of_parent(state.spec.name);
    const bool has_last = last && parts_.sources.is_configured(state.spec.source);
    if (state.rendered || !source || !has_last || source->commit == last) co_return;
    const Result<void> restored = co_await renderings_.restore(state, *last);
    if (!restored) {
      voice_.render_failed(subject_of(state), commit_words(*last), restored.error());
    }
  }

  // Fills the view and gives the desired objects the namespaces that the server will give them.
  Task<Result<void>> look(const std::vector<KustomizationState*>& states) {
    // Those of the index as well: a parent that was deleted says nothing of what left Git since.
    std::set<GroupKind> recorded;
    for (const auto& [id, record] : memory_.index) recorded.insert(id.group_kind());
    std::set<GroupKind> kinds = kinds_of_parents(sight_.view);
    kinds.insert(recorded.begin(), recorded.end());
    for (const KustomizationState* state : states) {
      for (const DesiredObject& object : state->rendered->desired.objects()) {
        kinds.insert(object.id.group_kind());
      }
    }
    CO_TRY(sight_.catalog, co_await look_up_kinds(parts_.cluster, std::move(kinds)));
    std::vector<const DesiredSet*> desired;
    for (KustomizationState* state : states) {
      const Result<void> resolved = resolve(*state);
      if (!resolved && !state->container) co_return std::unexpected(resolved.error());
      if (!resolved) voice_.stuck(subject_of(*state), resolved.error());
      if (resolved) desired.push_back(&state->rendered->desired);
    }
    CO_CHECK(co_await observe(parts_.cluster, sight_, std::move(desired), std::move(recorded)));
    tell_unseen();
    note_complete_jobs();
    recall_confirmation();
    co_return Result<void>();
  }

  // Done once for each rendering; again while some of its kinds are not served.
  Result<void> resolve(KustomizationState& state) {
    RenderedSet& rendered = *state.rendered;
    if (rendered.is_resolved) return {};
    std::vector<DesiredObject> objects = std::move(rendered.desired).release();
    rendered.is_resolved = std::ranges::all_of(objects, [this](const DesiredObject& object) {
      return sight_.catalog.contains(object.id.group_kind());
    });
    Result<DesiredSet> resolved =
        DesiredSet::make(state.spec.name, resolve_namespaces(std::move(objects), sight_.catalog));
    if (resolved) {
      rendered.desired = std::move(*resolved);
      return {};
    }
    state.unrenderable.emplace(rendered.key, resolved.error());
    state.rendered.reset();
    note_failure(state, "BuildFailed", resolved.error());
    return std::unexpected(std::move(resolved).error());
  }

  // A Job that is gone after it was complete has done its work.
  void note_complete_jobs() {
    for (const auto& [id, live] : sight_.view.labelled) {
      if (!live.is_complete) continue;
      const auto record = memory_.index.find(id);
      const bool is_same = record != memory_.index.end() && record->second.uid == live.uid;
      if (is_same) record->second.is_complete = true;
    }
  }

  // Desired objects of such kinds tell it themselves.
  void tell_unseen() {
    for (const auto& [kind, error] : sight_.view.unseen) {
      if (!told_unseen_.insert(kind).second) continue;
      bool is_desired = false;
      for (const auto& [name, state] : memory_.kustomizations) {
        if (!state.rendered) continue;
        is_desired = is_desired || std::ranges::any_of(state.rendered->desired.objects(),
                                                       [&kind](const DesiredObject& object) {
                                                         return object.id.group_kind() == kind;
                                                       });
      }
      if (!is_desired) voice_.problem({}, error, EventKind::pass_failed);
    }
  }

  // A person may have confirmed it to an agent on another card.
  void recall_confirmation() {
    const LiveParent* parent = live_parent(root_name());
    if (!memory_.confirmed_prune.empty() || parent == nullptr) return;
    memory_.confirmed_prune = parent->parent.confirmed_prune;
  }

  std::vector<SetWork*> works_of(const std::vector<KustomizationState*>& states) {
    std::vector<SetWork*> works;
    for (const KustomizationState* state : states) {
      SetWork& work = works_[state->spec.name];
      work.subject = subject_of(*state);
      work.desired = &state->rendered->desired;
      work.on_removal = on_removal(state->spec);
      work.is_forcing = state->spec.is_forcing;
      work.user = user_of(state->spec);
      works.push_back(&work);
    }
    return works;
  }

  // What the rest of the graph desires; what has not run yet may desire something else then.
  std::vector<Desire> others_than(const std::vector<KustomizationState*>& states) const {
    std::vector<Desire> others;
    for (const auto& [name, state] : memory_.kustomizations) {
      const bool is_one = std::ranges::find(states, &state) != states.end();
      if (is_one || !state.rendered) continue;
      others.push_back(desire_of(state));
      others.back().is_current = progress_.ran.contains(name) || progress_.done.contains(name);
    }
    return others;
  }

  static Desire desire_of(const KustomizationState& state) {
    return {.name = state.spec.name,
            .set = state.rendered ? &state.rendered->desired : nullptr,
            .is_pruning = state.spec.is_pruning};
  }

  // From here on the rendering is what stays, whatever fails. It is on disk before the first object
  // is written, so that an agent that is killed does not go back to what was before.
  void put_in_force() {
    memory_.in_force = memory_.rendered;
    save_revisions();
  }

  // A Kustomization that was in none of the new renderings is gone by now.
  Task<Result<void>> settle_all(std::vector<KustomizationName> names) {
    for (const KustomizationName& name : names) {
      const auto state = memory_.kustomizations.find(name);
      if (state != memory_.kustomizations.end() && works_.contains(name)) {
        CO_CHECK(co_await settle(state->second));
      }
    }
    co_return Result<void>();
  }

  // What the condition Ready becomes.
  Task<Result<void>> settle(KustomizationState& state) {
    const WallTime now = parts_.loop.clock().wall_now();
    const SetWork& work = works_.at(state.spec.name);
    progress_.done.insert(state.spec.name);
    // What runs is an older rendering.
    if (failures_.contains(state.spec.name)) co_return Result<void>();
    if (work.stopped || work.failure) {
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

  // At once after a change, soon while something is missing, else at its interval.
  Task<Result<void>> look_at_health(KustomizationState& state, const SetWork& work) {
    std::vector<AwaitedObject> objects = awaited_objects(state);
    const SteadyTime now = parts_.loop.clock().now();
    const bool is_new = state.health_key != state.rendered->key || work.changes > 0;
    if (is_new) state.health_deadline = now + state.spec.timeout;
    const bool is_due = is_new || !state.unhealthy.empty() || !state.health_seen_at ||
                        now - *state.health_seen_at >= state.spec.interval;
    if (objects.empty()) state.unhealthy.clear();
    if (objects.empty() || !is_due) co_return Result<void>();
    CO_TRY(state.unhealthy, co_await unhealthy_of(parts_.cluster, std::move(objects),
                                                  parts_.loop.clock().wall_now()));
    state.health_key = state.rendered->key;
    state.health_seen_at = now;
    co_return Result<void>();
  }

  // Whether it waits for Kustomizations that have still to run in this pass.
  bool awaits_the_graph(const KustomizationState& state) const {
    if (!state.unhealthy.empty()) return false;
    return std::ranges::any_of(awaited_flux_objects(state), [this](const ResourceId& id) {
      const KustomizationName name{id.namespace_name, id.name};
      return is_kustomization(id) && memory_.kustomizations.contains(name) &&
             !progress_.done.contains(name);
    });
  }

  void become_healthy(KustomizationState& state) {
    std::map<ResourceId, Health> unhealthy = state.unhealthy;
    for (const ResourceId& id : awaited_flux_objects(state)) {
      if (const std::optional<Health> health = health_in_graph(id)) unhealthy.emplace(id, *health);
    }
    become_as_healthy(state, state.rendered->revision, unhealthy, parts_.loop.clock());
    if (state.readiness.ready == Ready::unknown) report_.is_waiting = true;
    if (state.readiness.ready == Ready::no) {
      voice_.stuck(subject_of(state), {ErrorKind::unavailable, state.readiness.message});
    }
  }

  // Of one of Flux's objects; nothing if it is as it should be.
  std::optional<Health> health_in_graph(const ResourceId& id) const {
    if (!is_kustomization(id)) return std::nullopt;
    const auto other = memory_.kustomizations.find({id.namespace_name, id.name});
    if (other == memory_.kustomizations.end()) {
      return Health{.status = HealthStatus::not_found, .message = "is not in Git"};
    }
    const ReadyCondition& readiness = other->second.readiness;
    if (readiness.ready == Ready::yes) return std::nullopt;
    return Health{.status = HealthStatus::in_progress, .message = readiness.message};
  }

  // Those of which all that they wait for has run.
  void settle_pending() {
    std::erase_if(pending_, [this](const KustomizationName& name) {
      KustomizationState& state = memory_.kustomizations.at(name);
      if (awaits_the_graph(state)) return false;
      progress_.done.insert(name);
      become_healthy(state);
      return true;
    });
  }

  void settle_what_stays_pending() {
    for (const KustomizationName& name : pending_) {
      progress_.done.insert(name);
      become_healthy(memory_.kustomizations.at(name));
    }
    pending_.clear();
  }

  void note_failure(KustomizationState& state, std::string_view reason, const Error& error) {
    failures_.insert(state.spec.name);
    become_unready(state, reason, error.message, parts_.loop.clock().wall_now());
  }

  void hold_back(const HeldBack& held) {
    progress_.done.insert(held.name);
    KustomizationState& state = memory_.kustomizations.at(held.name);
    note_failure(state, held.reason, held.error);
    // What waits for another is no problem of its own.
    const bool is_waiting = held.error.kind == ErrorKind::unavailable;
    if (is_waiting) {
      report_.is_waiting = true;
    } else {
      voice_.stuck(subject_of(state), held.error);
    }
  }

  // kustomize-controller's checkDependencies.
  Result<void> dependency_ready(const KustomizationState& dependant,
                                const Dependency& dependency) const {
    const KustomizationState& other = memory_.kustomizations.at(dependency.name);
    const std::string name = to_string(dependency.name);
    if (other.readiness.ready != Ready::yes) {
      return fail(ErrorKind::unavailable, fmt::format("dependency '{}' is not ready", name));
    }
    if (other.spec.source == dependant.spec.source) {
      const Result<SourceContent> source = parts_.sources.find(other.spec.source);
      if (source && source->revision != other.readiness.revision) {
        return fail(ErrorKind::unavailable,
                    fmt::format("dependency '{}' is not updated yet", name));
      }
    }
    return {};
  }

  Task<Result<void>> prune() {
    const PrunePlan plan = plan_prune_of(all_desires(), sight_.view, prune_settings());
    voice_.tell_prune(plan);
    const bool is_unused = !request_.confirm_prune.empty() && !plan.is_confirmed;
    if (is_unused) voice_.confirmation_unused();
    report_.counts.kept = plan.kept.size();
    report_.confirm_prune = plan.refusal ? plan.refusal->hash : plan.confirmation;
    const std::set<KustomizationName> held = sets_that_must_not_lose(plan);
    co_await sets_.prune(plan, held);
    const bool is_postponed = plan.is_confirmed && sets_.is_prune_postponed();
    if (!is_postponed) memory_.confirmed_prune.clear();
    co_await sets_.finish(plan, memory_.confirmed_prune);
    co_return Result<void>();
  }

  // What could not be applied may be what replaces what left Git, and the guards count only what
  // was seen.
  std::set<KustomizationName> sets_that_must_not_lose(const PrunePlan& plan) const {
    std::set<KustomizationName> held;
    for (const Removal& removal : plan.removals) {
      const auto work = works_.find(removal.kustomization);
      const bool is_in_git = memory_.kustomizations.contains(removal.kustomization);
      const bool has_failed =
          is_in_git && (work == works_.end() || work->second.stopped || work->second.failed > 0);
      if (has_failed || !sight_.view.unseen.empty()) held.insert(removal.kustomization);
    }
    return held;
  }

  std::vector<Desire> all_desires() const {
    std::vector<Desire> desires;
    for (const auto& [name, state] : memory_.kustomizations) desires.push_back(desire_of(state));
    return desires;
  }

  // Records of objects that are neither desired nor there any more.
  void forget_what_is_gone() {
    std::set<ResourceId> desired;
    for (const auto& [name, state] : memory_.kustomizations) {
      if (!state.rendered) continue;
      for (const DesiredObject& object : state.rendered->desired.objects()) {
        desired.insert(object.id);
      }
    }
    std::erase_if(memory_.index, [&](const auto& entry) {
      return !desired.contains(entry.first) && !sight_.view.labelled.contains(entry.first) &&
             !sight_.view.unlisted.contains(entry.first.group_kind());
    });
  }

  // Adds up what became of all.
  void conclude() {
    bool is_whole = report_.has_compared;
    for (const auto& [name, state] : memory_.kustomizations) {
      if (state.rendered) report_.counts.desired += state.rendered->desired.objects().size();
      const auto work = works_.find(name);
      const bool is_resting = state.spec.is_suspended && progress_.done.contains(name);
      if (work == works_.end()) {
        is_whole = is_whole && is_resting;
        continue;
      }
      report_.counts.applied += work->second.applied;
      report_.counts.failed += work->second.failed;
      report_.changes += work->second.changes;
      report_.reverted += work->second.reverted;
      if (work->second.postponed > 0) report_.is_waiting = true;
      is_whole = is_whole && !work->second.stopped && work->second.failed == 0;
    }
    report_.counts.failed += sets_.failed_removals();
    report_.changes += sets_.changes();
    if (is_whole) memory_.applied = memory_.rendered;
    report_.applied = memory_.applied;
    report_.next_due = parts_.sources.next_due();
    tell_content();
    list_kustomizations();
  }

  void tell_content() {
    for (const GraphFault& fault : content_.faults) {
      voice_.problem(fault.object, fault.error, EventKind::render_failed);
    }
    for (const auto& [source, error] : parts_.sources.failures()) {
      voice_.problem(source, error, EventKind::source_unavailable);
    }
    for (const ResourceId& id : content_.not_served) voice_.not_served(id);
  }

  void list_kustomizations() {
    report_.kustomizations.push_back(status_of(root()));
    for (const auto& [name, state] : memory_.kustomizations) {
      if (name != root_name()) report_.kustomizations.push_back(status_of(state));
    }
  }

  void save_index() {
    const Result<void> saved = primocane::save_index(memory_.index, parts_.store);
    if (!saved) voice_.problem({}, saved.error());
  }

  void save_revisions() {
    if (memory_.applied == saved_applied_ && memory_.in_force == saved_in_force_ &&
        memory_.root == saved_root_) {
      return;
    }
    saved_applied_ = memory_.applied;
    saved_in_force_ = memory_.in_force;
    saved_root_ = memory_.root;
    const Result<void> saved = primocane::save_revisions(memory_, parts_.store);
    if (!saved) voice_.problem({}, saved.error());
  }

  PruneSettings prune_settings() const {
    PruneSettings prune = settings_.prune;
    prune.confirmed = memory_.confirmed_prune;
    return prune;
  }

  const KustomizationName& root_name() const {
    return memory_.root ? *memory_.root : settings_.name;
  }
  KustomizationState& root() { return memory_.kustomizations[root_name()]; }

  // What the configuration says of the root where no Kustomization in it does.
  KustomizationSpec plain_root() const {
    KustomizationSpec spec;
    spec.name = root_name();
    spec.path = settings_.path;
    return spec;
  }

  void note_root() { voice_.set_root(subject_of(root())); }

  static Subject subject_of(const KustomizationState& state) {
    return {.name = state.spec.name,
            .revision = state.rendered ? state.rendered->revision : std::string(),
            .is_root = !state.container};
  }

  std::vector<KustomizationState*> states_of(const std::vector<KustomizationName>& names) {
    std::vector<KustomizationState*> states;
    for (const KustomizationName& name : names) states.push_back(&memory_.kustomizations.at(name));
    return states;
  }

  const LiveParent* live_parent(const KustomizationName& name) const {
    const auto parent = sight_.view.parents.find(applyset_id(name));
    return parent == sight_.view.parents.end() ? nullptr : &parent->second;
  }

  // The commit that is in force by the parent's words.
  std::optional<CommitId> commit_of_parent(const KustomizationName& name) const {
    const LiveParent* parent = live_parent(name);
    return parent == nullptr ? std::nullopt : commit_in(parent->parent.revision);
  }

  PassParts parts_;
  const PassSettings& settings_;
  PassMemory& memory_;
  PassRequest request_;
  PassReport report_;
  Voice voice_;
  ClusterSight sight_;
  Renderings renderings_;
  SetReconciler sets_;
  SteadyTime began_;
  std::optional<Revision> saved_applied_;  // what is on disk
  std::optional<Revision> saved_in_force_;
  std::optional<KustomizationName> saved_root_;
  bool has_parents_ = false;
  GraphContent content_;
  std::map<KustomizationName, SetWork> works_;
  Progress progress_;
  std::set<KustomizationName> pending_;   // that wait for what they contain
  std::set<KustomizationName> failures_;  // of which the newest can't be had
  std::set<GroupKind> told_unseen_;
};

}  // namespace

Task<PassReport> run_pass(PassParts parts, const PassSettings& settings, PassMemory& memory,
                          PassRequest request) {
  Pass pass(parts, settings, memory, std::move(request));
  Task<PassReport> running = pass.run();
  PassReport report = co_await running;
  co_return report;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "reconcile/pass.hpp"

#include "reconcile/claims.hpp"
#include "reconcile/graph_run.hpp"
#include "reconcile/helm_releases.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/parents.hpp"
#include "reconcile/pauses.hpp"
#include "reconcile/readiness.hpp"
#include "reconcile/release_sets.hpp"
#include "reconcile/renderings.hpp"
#include "reconcile/root_rendering.hpp"
#include "reconcile/set_reconciler.hpp"
#include "reconcile/set_terms.hpp"
#include "reconcile/settlement.hpp"
#include "reconcile/voice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace primocane {

namespace {

std::optional<SteadyTime> sooner(std::optional<SteadyTime> a, std::optional<SteadyTime> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// spec.retryInterval of those that failed; the schedule's own pauses are mostly shorter.
std::optional<SteadyTime> next_retry(const KustomizationStates& kustomizations, SteadyTime now) {
  constexpr Duration shortest = std::chrono::seconds(10);
  std::optional<SteadyTime> next;
  for (const auto& [name, state] : kustomizations) {
    const bool has_failed = state.readiness.ready == Ready::no && !is_suspended(state);
    if (!has_failed || state.spec.retry_interval <= Duration::zero()) continue;
    next = sooner(next, now + std::max(state.spec.retry_interval, shortest));
  }
  return next;
}

class Pass {
 public:
  Pass(PassParts parts, const PassSettings& settings, PassMemory& memory, PassRequest request)
      : parts_(parts),
        settings_(settings),
        memory_(memory),
        request_(std::move(request)),
        voice_(parts.events, memory, report_),
        renderings_(parts.renderer, parts.repository, parts.cluster, parts.sources,
                    parts.keys != nullptr ? *parts.keys : no_keys_, sight_,
                    {.limits = settings.limits, .objects_max = settings.objects_max}),
        releases_(parts.cluster, parts.charts, parts.loop.clock(), memory.kustomizations,
                  memory.releases, request_.is_asked_for ? AskNow::always : AskNow::when_due),
        flux_(parts.cluster, memory.releases, voice_),
        pauses_(parts.cluster, sight_, memory, flux_, voice_, parts.turn, parts.loop.clock(),
                std::exchange(request_.pauses, {})),
        sets_(parts.cluster, parts.loop, sight_, memory, flux_, voice_, parts.live, parts.turn,
              settings.apply),
        claims_(parts.repository, parts.sources, memory, sight_.view, parts.turn, request_.rewrite),
        settlement_(parts.cluster, parts.loop, memory, parts.sources, voice_, parts.live,
                    request_.look),
        root_(parts.repository, parts.cluster, sight_, memory, parts.sources, renderings_,
              settlement_, voice_,
              {.name = settings.name, .path = settings.path, .repository = settings.repository}),
        graph_({.cluster = parts.cluster,
                .loop = parts.loop,
                .sources = parts.sources,
                .sight = sight_,
                .memory = memory,
                .renderings = renderings_,
                .releases = releases_,
                .sets = sets_,
                .claims = claims_,
                .settlement = settlement_,
                .voice = voice_},
               settings.repository, request_.is_asked_for, [this] { put_in_force(); }),
        began_(parts.loop.clock().now()),
        saved_applied_(memory.applied),
        saved_in_force_(memory.in_force),
        saved_root_(memory.root) {}

  Task<PassReport> run() {
    begin();
    const Result<void> done = co_await steps();
    if (!done) voice_.stopped(done.error());
    report_.pauses = pauses_.answers(done);
    conclude();
    save_revisions();
    save_index();
    report_.duration = parts_.loop.clock().now() - began_;
    voice_.finish();
    co_return std::move(report_);
  }

 private:
  void begin() {
    sight_.live = parts_.live;
    sight_.inputs = parts_.inputs;
    memory_.are_renderings_given_up = false;
    if (request_.rewrite == Rewrite::accept) memory_.known_ancestors.clear();
    if (parts_.turn != nullptr) parts_.turn->begin_pass(request_.is_asked_for);
    if (!request_.confirm_prune.empty()) memory_.confirmed_prune = request_.confirm_prune;
    if (request_.is_asked_for) {
      for (auto& [name, state] : memory_.kustomizations) state.unrenderable.clear();
    }
    root_.begin();
  }

  // An error ends the pass; it has not been told yet.
  Task<Result<void>> steps() {
    // Git need not answer for a pause to begin.
    if (memory_.root) CO_CHECK(co_await carry_out_pauses());
    CO_TRY(const Revision revision, co_await update_source());
    parts_.sources.set_configured(revision);
    claims_.set_fetched(revision.commit);
    CO_CHECK(co_await root_.render(revision));
    CO_CHECK(co_await look_at_parents(parts_.cluster, sight_, root_.name()));
    CO_CHECK(co_await carry_out_pauses());
    co_await pauses_.take_up();
    mark_pauses(memory_.kustomizations, memory_.pauses, root_.name());
    note_parents();
    recall_confirmation();
    CO_CHECK(co_await refuse_rewrite_of_parent());
    CO_CHECK(co_await graph_.run(root_.name()));
    CO_CHECK(co_await prune());
    note_leaving();
    forget_what_is_gone();
    if (is_rendered_whole()) parts_.sources.tidy();
    if (parts_.live != nullptr && !sight_.listed.empty()) parts_.live->want(sight_.listed);
    if (parts_.inputs != nullptr) parts_.inputs->want(rendering_inputs(memory_.kustomizations));
    co_return Result<void>();
  }

  Task<Result<void>> carry_out_pauses() {
    if (!pauses_.has_requests()) co_return Result<void>();
    CO_CHECK(co_await look_at_parents(parts_.cluster, sight_, root_.name()));
    co_await pauses_.carry_out(root_.name());
    co_return Result<void>();
  }

  void note_parents() {
    memory_.parent_versions.clear();
    for (const auto& [id, live] : sight_.view.parents) {
      memory_.parent_versions.emplace(id, live.resource_version);
    }
  }

  // The newest revision: from the remote, or from disk when it does not answer.
  Task<Result<Revision>> update_source() {
    if (request_.look == HealthLook::news && memory_.knows_newest) {
      report_.fetched = newest_here();
      if (report_.fetched) co_return *report_.fetched;
    }
    std::optional<CommitId> in_force;
    if (memory_.in_force) in_force = memory_.in_force->commit;
    Result<Revision> updated = co_await parts_.repository.update(in_force, request_.rewrite);
    if (const auto damage = parts_.repository.take_damage()) {
      voice_.mirror_damaged(*damage, updated);
    }
    report_.source_answered = updated.has_value() || updated.error().kind == ErrorKind::denied;
    memory_.knows_newest = updated.has_value();
    if (!updated) voice_.source_failed(updated.error());
    report_.fetched = updated ? *updated : newest_here();
    if (!report_.fetched) co_return std::unexpected(Error{ErrorKind::cancelled, {}});
    co_return *report_.fetched;
  }

  // What is on disk; when that is damaged, what is in memory.
  std::optional<Revision> newest_here() {
    const Result<std::optional<Revision>> on_disk = parts_.repository.on_disk();
    if (on_disk && *on_disk) return *on_disk;
    return root_.state().rendered ? memory_.rendered : std::nullopt;
  }

  // On a node that knows nothing yet, the parent tells which commit is in force.
  Task<Result<void>> refuse_rewrite_of_parent() {
    if (memory_.in_force) co_return Result<void>();
    std::optional<CommitId> commit = commit_of_parent(sight_.view, root_.name());
    if (!commit || *commit == memory_.rendered->commit) co_return Result<void>();
    Result<Revision> checked =
        co_await parts_.repository.update(std::move(commit), request_.rewrite);
    // Not to know is no leave: what is here may be older than what is in force, or unrelated.
    if (!checked) co_return std::unexpected(std::move(checked).error());
    co_return Result<void>();
  }

  // A person may have confirmed it to an agent on another card.
  void recall_confirmation() {
    const LiveParent* parent = live_parent(sight_.view, root_.name());
    if (!memory_.confirmed_prune.empty() || parent == nullptr) return;
    memory_.confirmed_prune = parent->parent.confirmed_prune;
  }

  // From here on the rendering is what stays, whatever fails. It is on disk before the first object
  // is written, so that an agent that is killed does not go back to what was before.
  void put_in_force() {
    memory_.in_force = memory_.rendered;
    save_revisions();
  }

  Task<Result<void>> prune() {
    PrunePlan plan = plan_prune_of(all_desires(), sight_.view, prune_settings());
    if (keep_what_helm_needs(plan, sight_)) report_.is_waiting = true;
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

  // spec.deletionPolicy WaitForTermination (kustomize-controller, finalize). Nothing else is held
  // up: the pass ends, and another one looks again soon.
  void note_leaving() {
    const auto since = std::exchange(memory_.leaving_since, {});
    const SteadyTime now = parts_.loop.clock().now();
    for (const LeavingSet& set : sets_.leaving()) {
      const auto known = since.find(set.name);
      const SteadyTime began = known == since.end() ? now : known->second;
      memory_.leaving_since.emplace(set.name, began);
      KustomizationStatus status = status_of(set, root_.name());
      if (now - began >= set.wait) {
        status.readiness.ready = Ready::no;
        voice_.problem(fmt::format("Kustomization/{}", to_string(set.name)),
                       {ErrorKind::unavailable, status.readiness.message});
      } else {
        report_.is_waiting = true;
      }
      leaving_.push_back(std::move(status));
    }
  }

  // What could not be applied may be what replaces what left Git, and the guards count only what
  // was seen.
  std::set<KustomizationName> sets_that_must_not_lose(const PrunePlan& plan) const {
    std::set<KustomizationName> held;
    for (const Removal& removal : plan.removals) held.insert(removal.kustomization);
    for (const Removal& removal : plan.let_go) held.insert(removal.kustomization);
    std::erase_if(held, [this](const KustomizationName& name) { return !must_not_lose(name); });
    return held;
  }

  bool must_not_lose(const KustomizationName& name) const {
    if (!sight_.view.unseen.empty()) return true;
    if (!memory_.kustomizations.contains(name)) {
      return !knows_all_contained() || is_contained_ahead(name);
    }
    const auto work = graph_.works().find(name);
    return work == graph_.works().end() || work->second.stopped || work->second.failed > 0;
  }

  // Whether a Kustomization that is not in the graph has left Git for certain: after a restart one
  // that is suspended, or can't be rendered, is known as some older commit has it.
  bool knows_all_contained() const {
    return !graph_.content().is_cut &&
           std::ranges::all_of(memory_.kustomizations, [this](const auto& entry) {
             return knows_contained_in(entry.second);
           });
  }

  bool knows_contained_in(const KustomizationState& state) const {
    if (!state.rendered) return false;
    if (!state.rendered->is_recalled) return true;
    const LiveParent* parent = live_parent(sight_.view, state.spec.name);
    return parent == nullptr || !parent->parent.contained;
  }

  // By one that has no parent, so that it never ran: unless somebody took its parent away.
  bool is_contained_ahead(const KustomizationName& name) const {
    return std::ranges::any_of(memory_.kustomizations, [&name](const auto& entry) {
      const std::optional<RenderedSet>& rendered = entry.second.rendered;
      return rendered && rendered->is_ahead && names_contained_in(*rendered).contains(name);
    });
  }

  std::vector<Desire> all_desires() const {
    std::vector<Desire> desires;
    for (const auto& [name, state] : memory_.kustomizations) {
      desires.push_back(desire_of(state));
      if (parts_.charts == nullptr || !state.rendered) continue;
      desires.back().expected = unknown_objects(state.rendered->contained, memory_.releases);
    }
    return desires;
  }

  bool is_rendered_whole() const {
    return std::ranges::all_of(memory_.kustomizations,
                               [](const auto& entry) { return entry.second.rendered.has_value(); });
  }

  // Records of objects that are neither desired nor there any more. Where nothing ran, nothing was
  // looked at.
  void forget_what_is_gone() {
    if (sight_.listed.empty()) return;
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

  // What was told of objects that nothing desires any more.
  void forget_what_left() {
    const auto has_left = [this](const auto& entry) {
      return std::ranges::none_of(memory_.kustomizations, [&entry](const auto& one) {
        const std::optional<RenderedSet>& rendered = one.second.rendered;
        return rendered && rendered->desired.find(entry.first) != nullptr;
      });
    };
    std::erase_if(memory_.drifted, has_left);
    std::erase_if(memory_.altered, has_left);
  }

  // Adds up what became of all.
  void conclude() {
    forget_what_left();
    report_.counts.drifted = memory_.drifted.size();
    report_.has_compared = !graph_.works().empty();
    bool is_whole = report_.has_compared;
    for (const auto& [name, state] : memory_.kustomizations) {
      if (state.rendered) report_.counts.desired += state.rendered->desired.objects().size();
      const auto work = graph_.works().find(name);
      const bool is_resting = is_suspended(state) && settlement_.progress().done.contains(name);
      if (work == graph_.works().end()) {
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
    report_.is_waiting = report_.is_waiting || settlement_.is_waiting() || releases_.is_waiting();
    report_.next_due = sooner(sooner(parts_.sources.next_due(began_), releases_.next_due(began_)),
                              next_retry(memory_.kustomizations, parts_.loop.clock().now()));
    report_.next_due = sooner(report_.next_due, next_end(memory_.pauses, parts_.loop.clock()));
    report_.next_due = sooner(
        report_.next_due, next_health_deadline(memory_.kustomizations, parts_.loop.clock().now()));
    if (parts_.turn != nullptr) {
      report_.next_due = sooner(report_.next_due, parts_.turn->end_pass(report_.has_compared));
      // What another node put in force is followed here.
      if (is_whole && !parts_.turn->is_first()) memory_.in_force = memory_.rendered;
    }
    tell_content();
    tell_releases();
    list_kustomizations();
  }

  void tell_content() {
    for (const GraphFault& fault : graph_.content().faults) {
      voice_.problem(fault.object, fault.error, EventKind::render_failed);
    }
    for (const auto& [source, error] : parts_.sources.failures()) {
      voice_.problem(source, error, EventKind::source_unavailable);
    }
    for (const ResourceId& id : graph_.content().not_served) voice_.not_served(id);
    for (const auto& [id, opponent] : memory_.fights.all()) {
      if (is_reverted_here(id)) voice_.fight(id, opponent);
    }
  }

  // A fight is over as well when the object has left Git, or is only watched from now on.
  bool is_reverted_here(const ResourceId& id) const {
    return std::ranges::any_of(memory_.kustomizations, [&id](const auto& entry) {
      const KustomizationState& state = entry.second;
      const DesiredObject* desired = state.rendered ? state.rendered->desired.find(id) : nullptr;
      return desired != nullptr && !is_only_watched(state, *desired);
    });
  }

  void tell_releases() {
    for (const auto& [id, object] : graph_.content().objects) {
      if (parts_.charts == nullptr && id.kind == "HelmRelease") voice_.not_served(id);
    }
    for (const auto& [id, release] : memory_.releases) voice_.release(id, release);
  }

  void list_kustomizations() {
    report_.kustomizations.push_back(status_of(root_.state()));
    for (const auto& [name, state] : memory_.kustomizations) {
      if (name != root_.name()) report_.kustomizations.push_back(status_of(state));
    }
    std::ranges::move(leaving_, std::back_inserter(report_.kustomizations));
    if (parts_.charts != nullptr) {
      report_.helm_releases = list_releases(memory_.kustomizations, memory_.releases);
    }
  }

  void save_index() {
    const Result<void> saved = primocane::save_index(memory_, parts_.store);
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

  PassParts parts_;
  const PassSettings& settings_;
  PassMemory& memory_;
  PassRequest request_;
  PassReport report_;
  Voice voice_;
  ClusterSight sight_;
  DecryptionKeys no_keys_;
  Renderings renderings_;
  HelmReleases releases_;
  FluxWatch flux_;
  Pauses pauses_;
  SetReconciler sets_;
  Claims claims_;
  Settlement settlement_;
  RootRendering root_;
  GraphRun graph_;
  std::vector<KustomizationStatus> leaving_;
  SteadyTime began_;
  std::optional<Revision> saved_applied_;  // what is on disk
  std::optional<Revision> saved_in_force_;
  std::optional<KustomizationName> saved_root_;
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

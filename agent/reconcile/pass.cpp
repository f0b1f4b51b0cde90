// SPDX-License-Identifier: Apache-2.0
#include "reconcile/pass.hpp"

#include "reconcile/established.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/parents.hpp"
#include "reconcile/voice.hpp"
#include "resource/applyset.hpp"
#include "resource/live_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace primocane {

namespace {

class Pass {
 public:
  Pass(PassParts parts, const PassSettings& settings, PassMemory& memory, PassRequest request)
      : parts_(parts),
        settings_(settings),
        memory_(memory),
        request_(std::move(request)),
        voice_(parts.events, memory, settings.name, report_),
        began_(parts.loop.clock().now()),
        saved_applied_(memory.applied),
        saved_in_force_(memory.in_force) {}

  Task<PassReport> run() {
    const AppliedIndex index_before = memory_.index;
    if (request_.is_asked_for) memory_.unrenderable.clear();
    if (!request_.confirm_prune.empty()) memory_.confirmed_prune = request_.confirm_prune;
    const Result<void> done = co_await steps();
    if (!done) voice_.stopped(done.error());
    save_revisions();
    if (memory_.index != index_before) save_index();
    report_.applied = memory_.applied;
    report_.duration = parts_.loop.clock().now() - began_;
    voice_.finish();
    co_return std::move(report_);
  }

 private:
  // An error ends the pass; it has not been told yet.
  Task<Result<void>> steps() {
    CO_TRY(const Revision revision, co_await update_source());
    CO_CHECK(co_await render(revision));
    CO_CHECK(co_await look());
    CO_CHECK(co_await refuse_rewrite_of_parent());
    CO_TRY(const Plan plan, decide());
    voice_.tell_plan(plan);
    const bool is_unused = !request_.confirm_prune.empty() && !plan.prune.is_confirmed;
    if (is_unused) voice_.confirmation_unused();
    CO_CHECK(co_await widen_parent());
    put_in_force(plan);
    co_await apply(plan);
    co_await prune(plan);
    CO_CHECK(co_await narrow_parent(plan));
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
    if (!report_.fetched) co_return std::unexpected(Error{ErrorKind::cancelled, {}});
    co_return *report_.fetched;
  }

  // What is on disk; when that is damaged, what is in memory.
  std::optional<Revision> newest_here() const {
    const Result<std::optional<Revision>> on_disk = parts_.repository.on_disk();
    if (on_disk && *on_disk) return *on_disk;
    return memory_.desired ? memory_.rendered : std::nullopt;
  }

  // Leaves in memory_.desired what the revision desires or, when it can't be rendered, what was
  // desired last.
  Task<Result<void>> render(Revision revision) {
    if (memory_.rendered && memory_.desired && memory_.rendered->commit == revision.commit) {
      memory_.rendered = revision;
      co_return Result<void>();
    }
    Result<DesiredSet> rendered = co_await render_commit(revision);
    if (rendered) {
      voice_.revision(revision);
      memory_.unrenderable.clear();
      memory_.desired = std::move(*rendered);
      memory_.is_resolved = false;
      memory_.rendered = std::move(revision);
      co_return Result<void>();
    }
    voice_.render_failed(revision, rendered.error());
    if (memory_.desired) co_return Result<void>();
    CO_TRY(const Revision last, co_await last_in_force());
    if (last.commit == revision.commit) {
      co_return std::unexpected(Error{ErrorKind::cancelled, {}});
    }
    Result<DesiredSet> old = co_await render_commit(last);
    if (!old) {
      voice_.render_failed(last, old.error());
      co_return std::unexpected(Error{ErrorKind::cancelled, {}});
    }
    memory_.desired = std::move(*old);
    memory_.is_resolved = false;
    memory_.rendered = last;
    co_return Result<void>();
  }

  // What stays while the newest can't be rendered: by memory or, on a card that has none, by the
  // parent.
  Task<Result<Revision>> last_in_force() {
    if (memory_.in_force) co_return *memory_.in_force;
    CO_CHECK(co_await look_at_parents());
    const std::optional<CommitId> commit = commit_of_parent();
    if (!commit) co_return std::unexpected(Error{ErrorKind::cancelled, {}});
    Result<Revision> last = co_await parts_.repository.resolve(commit->str());
    co_return last;
  }

  Task<Result<DesiredSet>> render_commit(Revision revision) {
    const auto given_up = memory_.unrenderable.find(revision.commit);
    if (given_up != memory_.unrenderable.end()) co_return std::unexpected(given_up->second);
    RenderRequest request{.source = RenderSource::commit,
                          .output = RenderOutput::desired,
                          .commit = revision.commit,
                          .path = settings_.path,
                          .name = settings_.name,
                          .limits = settings_.limits,
                          .objects_max = settings_.objects_max};
    Result<std::vector<DesiredObject>> objects =
        co_await parts_.renderer.render(std::move(request), parts_.repository.mirror_path());
    Result<DesiredSet> set = objects
                                 ? DesiredSet::make(settings_.name, std::move(*objects))
                                 : Result<DesiredSet>(std::unexpected(std::move(objects).error()));
    if (set && set->objects().empty()) {
      set = fail(ErrorKind::invalid,
                 fmt::format("path \"{}\" renders to no objects at all: nothing is applied or "
                             "pruned; is git.path right?",
                             settings_.path.str()));
    }
    if (set) {
      if (Result<void> refused = refuse_what_is_ours(*set); !refused) {
        set = std::unexpected(std::move(refused).error());
      }
    }
    if (!set && set.error().kind == ErrorKind::invalid) {
      memory_.unrenderable.emplace(revision.commit, set.error());
    }
    co_return set;
  }

  // Fills view_ and gives the desired objects the namespaces that the server will give them.
  Task<Result<void>> look() {
    CO_CHECK(co_await look_at_parents());
    // Those of the index as well: a parent that was deleted says nothing of what left Git since.
    std::set<GroupKind> recorded;
    for (const auto& [id, record] : memory_.index) recorded.insert(id.group_kind());
    std::set<GroupKind> kinds = kinds_of_parents(view_);
    kinds.insert(recorded.begin(), recorded.end());
    for (const DesiredObject& object : memory_.desired->objects()) {
      kinds.insert(object.id.group_kind());
    }
    CO_TRY(catalog_, co_await look_up_kinds(parts_.cluster, std::move(kinds)));
    CO_CHECK(resolve());
    std::vector<const DesiredSet*> desired{&*memory_.desired};
    CO_TRY(view_, co_await observe(parts_.cluster, std::move(view_), catalog_, std::move(desired),
                                   std::move(recorded)));
    tell_unseen();
    note_complete_jobs();
    recall_confirmation();
    co_return Result<void>();
  }

  // Once for a pass.
  Task<Result<void>> look_at_parents() {
    if (!view_.parents.empty()) co_return Result<void>();
    CO_TRY(view_, co_await list_parents(parts_.cluster));
    if (live_parent() != nullptr) co_return Result<void>();
    CO_TRY(std::optional<LiveParent> hidden, co_await find_parent(parts_.cluster, settings_.name));
    if (hidden) view_.parents.insert_or_assign(applyset_id(settings_.name), std::move(*hidden));
    co_return Result<void>();
  }

  // A Job that is gone after it was complete has done its work.
  void note_complete_jobs() {
    for (const auto& [id, live] : view_.labelled) {
      if (!live.is_complete) continue;
      const auto record = memory_.index.find(id);
      const bool is_same = record != memory_.index.end() && record->second.uid == live.uid;
      if (is_same) record->second.is_complete = true;
    }
  }

  // Desired objects of such kinds tell it themselves.
  void tell_unseen() {
    for (const auto& [kind, error] : view_.unseen) {
      const bool is_desired = std::ranges::any_of(
          memory_.desired->objects(),
          [&kind](const DesiredObject& object) { return object.id.group_kind() == kind; });
      if (!is_desired) voice_.problem({}, error, EventKind::pass_failed);
    }
  }

  // Done once for each rendering; again while some of its kinds are not served.
  Result<void> resolve() {
    if (memory_.is_resolved) return {};
    std::vector<DesiredObject> objects = std::move(*memory_.desired).release();
    memory_.is_resolved = std::ranges::all_of(objects, [this](const DesiredObject& object) {
      return catalog_.contains(object.id.group_kind());
    });
    Result<DesiredSet> resolved =
        DesiredSet::make(settings_.name, resolve_namespaces(std::move(objects), catalog_));
    if (!resolved) {
      memory_.unrenderable.emplace(memory_.rendered->commit, resolved.error());
      memory_.desired.reset();
      memory_.rendered.reset();
      return std::unexpected(std::move(resolved).error());
    }
    memory_.desired = std::move(*resolved);
    return {};
  }

  // A person may have confirmed it to an agent on another card.
  void recall_confirmation() {
    const LiveParent* parent = live_parent();
    if (!memory_.confirmed_prune.empty() || parent == nullptr) return;
    memory_.confirmed_prune = parent->parent.confirmed_prune;
  }

  // The commit that is in force by the parent's words.
  std::optional<CommitId> commit_of_parent() const {
    const LiveParent* parent = live_parent();
    if (parent == nullptr) return std::nullopt;
    const std::string_view revision = parent->parent.revision;
    const std::size_t colon = revision.rfind(':');
    Result<CommitId> commit =
        CommitId::parse(revision.substr(colon == std::string_view::npos ? 0 : colon + 1));
    return commit ? std::optional<CommitId>(std::move(*commit)) : std::nullopt;
  }

  // On a node that knows nothing yet, the parent tells which commit is in force.
  Task<Result<void>> refuse_rewrite_of_parent() {
    if (memory_.in_force) co_return Result<void>();
    std::optional<CommitId> commit = commit_of_parent();
    if (!commit || *commit == memory_.rendered->commit) co_return Result<void>();
    Result<Revision> checked =
        co_await parts_.repository.update(std::move(commit), request_.rewrite);
    // Not to know is no leave: what is here may be older than what is in force, or unrelated.
    if (!checked) co_return std::unexpected(std::move(checked).error());
    co_return Result<void>();
  }

  // No coroutine: GCC 12 destroys the elements of an initializer list in one twice.
  Result<Plan> decide() const {
    return make_plan({.desires = {{.name = settings_.name, .set = &*memory_.desired}},
                      .view = view_,
                      .index = memory_.index,
                      .prune = prune_settings()});
  }

  Task<Result<void>> widen_parent() {
    const LiveParent* live = live_parent();
    parent_ = widened_parent(*memory_.desired, live, to_string(*memory_.rendered));
    parent_version_ = live == nullptr ? std::string() : live->resource_version;
    if (live != nullptr && says_the_same(live->parent, parent_)) co_return Result<void>();
    CO_TRY(parent_version_, co_await apply_parent(parts_.cluster, parent_, parent_version_));
    co_return Result<void>();
  }

  // From here on the rendering is what stays, whatever fails. It is on disk before the first object
  // is written, so that an agent that is killed does not go back to what was before.
  void put_in_force(const Plan& plan) {
    memory_.in_force = memory_.rendered;
    if (!plan.stages.empty() || !plan.prune.removals.empty()) save_revisions();
  }

  Task<void> apply(const Plan& plan) {
    Applier applier(parts_.cluster, parts_.loop, memory_.in_flight, memory_.index, apply_settings(),
                    [this](const Outcome& outcome) { note(outcome); });
    report_.has_compared = true;
    report_.counts.desired = memory_.desired->objects().size();
    report_.counts.applied = plan.unchanged;
    report_.counts.failed = plan.refusals.size();
    report_.is_waiting = !plan.postponed.empty();
    waiting_.clear();
    for (const Stage& planned : plan.stages) {
      Stage stage = planned;
      // Kinds that an earlier stage defined tell only now where their objects lie.
      for (Change& change : stage.changes) resolve_namespace(change.id, catalog_);
      co_await applier.apply(stage);
      if (stage.kind != StageKind::foundations) continue;
      co_await wait_until_established(parts_.cluster, parts_.loop, stage, failed_, catalog_);
    }
    memory_.waiting = std::move(waiting_);
    if (report_.counts.failed == 0) memory_.applied = memory_.rendered;
  }

  Task<void> prune(const Plan& plan) {
    report_.counts.kept = plan.prune.kept.size();
    report_.confirm_prune = plan.prune.refusal ? plan.prune.refusal->hash : plan.prune.confirmation;
    const bool is_postponed = !may_prune() && plan.prune.is_confirmed;
    if (!is_postponed) memory_.confirmed_prune.clear();
    if (plan.prune.removals.empty()) co_return;
    if (!may_prune()) {
      voice_.prune_postponed(plan.prune.removals.size());
      co_return;
    }
    std::vector<Change> changes;
    changes.reserve(plan.prune.removals.size());
    for (const Removal& removal : plan.prune.removals) {
      changes.push_back({.id = removal.id,
                         .action = Action::remove,
                         .reason = "left Git",
                         .kustomization = removal.kustomization,
                         .desired = nullptr,
                         .uid = removal.uid,
                         .resource_version = removal.resource_version,
                         .manager = {}});
    }
    Applier applier(parts_.cluster, parts_.loop, memory_.in_flight, memory_.index, apply_settings(),
                    [this](const Outcome& outcome) { note(outcome); });
    std::function<bool(const Change&, const LiveObject&)> still_meant = [](const Change& change,
                                                                           const LiveObject& live) {
      return live.part_of == applyset_id(change.kustomization) && is_member(live, Declared::no) &&
             !live.prune_disabled;
    };
    co_await applier.remove(changes, std::move(still_meant));
  }

  // What could not be applied may be what replaces what left Git, and the guards count only what
  // was seen.
  bool may_prune() const { return report_.counts.failed == 0 && view_.unseen.empty(); }

  Task<Result<void>> narrow_parent(const Plan& plan) {
    std::set<ResourceId> staying = failed_;
    staying.insert(terminating_.begin(), terminating_.end());
    for (const Kept& kept : plan.prune.kept) staying.insert(kept.id);
    if (plan.prune.refusal) {
      staying.insert(plan.prune.refusal->removals.begin(), plan.prune.refusal->removals.end());
    }
    if (!may_prune()) {
      for (const Removal& removal : plan.prune.removals) staying.insert(removal.id);
    }
    // What is terminating is still there and still ours.
    for (const auto& [id, live] : view_.labelled) {
      if (live.is_terminating && live.part_of == parent_.id) staying.insert(id);
    }
    Parent narrowed = narrowed_parent(parent_, *memory_.desired, staying, view_.unlisted);
    narrowed.jobs = made_jobs(*memory_.desired, memory_.index, parent_);
    narrowed.confirmed_prune = memory_.confirmed_prune;
    // Until then the guard counts by what there was before, whatever this rendering has added.
    const bool is_settled =
        !plan.prune.refusal && view_.unseen.empty() && (plan.prune.removals.empty() || may_prune());
    if (is_settled) narrowed.members = report_.counts.desired + plan.prune.kept.size();
    if (says_the_same(narrowed, parent_)) co_return Result<void>();
    CO_TRY(parent_version_,
           co_await apply_parent(parts_.cluster, std::move(narrowed), parent_version_));
    co_return Result<void>();
  }

  void note(const Outcome& outcome) {
    const Change& change = *outcome.change;
    voice_.outcome(outcome);
    const bool is_removal = change.action == Action::remove;
    if (!outcome.live) {
      ++report_.counts.failed;
      if (outcome.live.error().kind == ErrorKind::unavailable) waiting_.insert(change.id);
      failed_.insert(change.id);
      return;
    }
    if (is_removal && outcome.live->is_terminating) terminating_.insert(change.id);
    if (!is_removal) ++report_.counts.applied;
    if (outcome.has_changed) ++report_.changes;
    if (outcome.has_changed && change.action == Action::revert) ++report_.reverted;
  }

  // Records of objects that are neither desired nor there any more.
  void forget_what_is_gone() {
    std::erase_if(memory_.index, [this](const auto& entry) {
      return memory_.desired->find(entry.first) == nullptr &&
             !view_.labelled.contains(entry.first) &&
             !view_.unlisted.contains(entry.first.group_kind());
    });
  }

  void save_index() {
    const Result<void> saved = primocane::save_index(memory_.index, parts_.store);
    if (!saved) voice_.problem({}, saved.error());
  }

  void save_revisions() {
    if (memory_.applied == saved_applied_ && memory_.in_force == saved_in_force_) return;
    saved_applied_ = memory_.applied;
    saved_in_force_ = memory_.in_force;
    const Result<void> saved = primocane::save_revisions(memory_, parts_.store);
    if (!saved) voice_.problem({}, saved.error());
  }

  // An object that waited in vain last time is not waited for at length again.
  ApplySettings apply_settings() const {
    ApplySettings settings = settings_.apply;
    if (!memory_.waiting.empty()) {
      settings.patience = std::min<Duration>(settings.patience, std::chrono::seconds(2));
    }
    return settings;
  }

  PruneSettings prune_settings() const {
    PruneSettings prune = settings_.prune;
    prune.confirmed = memory_.confirmed_prune;
    return prune;
  }

  const LiveParent* live_parent() const {
    const auto parent = view_.parents.find(applyset_id(settings_.name));
    return parent == view_.parents.end() ? nullptr : &parent->second;
  }

  PassParts parts_;
  const PassSettings& settings_;
  PassMemory& memory_;
  PassRequest request_;
  PassReport report_;
  Voice voice_;
  SteadyTime began_;
  std::optional<Revision> saved_applied_;  // what is on disk
  std::optional<Revision> saved_in_force_;
  KindCatalog catalog_;
  ClusterView view_;
  Parent parent_;
  std::string parent_version_;
  std::set<ResourceId> failed_;
  std::set<ResourceId> terminating_;  // members that were deleted and are not gone yet
  std::set<ResourceId> waiting_;
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

// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.hpp"

#include "resource/applyset.hpp"
#include "resource/live_object.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace primocane {

namespace {

// A desired object with the set that desires it.
struct Wish {
  const DesiredObject* object;
  const Desire* desire;

  [[nodiscard]] const KustomizationName& kustomization() const { return desire->name; }
};

bool is_ours(const ResourceId& id) {
  const bool is_our_namespace =
      id.group_kind() == GroupKind{"", "Namespace"} && id.name == system_namespace;
  const bool is_parent =
      id.group_kind() == GroupKind{"", "ConfigMap"} && id.namespace_name == system_namespace;
  return is_our_namespace || is_parent;
}

// All wishes for each object, in the order of the Kustomizations' names.
std::map<ResourceId, std::vector<Wish>> collect(const PlanInput& input) {
  std::vector<const Desire*> desires;
  desires.reserve(input.desires.size() + input.others.size());
  for (const Desire& desire : input.desires) desires.push_back(&desire);
  for (const Desire& desire : input.others) desires.push_back(&desire);
  std::ranges::sort(desires, {}, [](const Desire* desire) { return desire->name; });
  std::map<ResourceId, std::vector<Wish>> wishes;
  for (const Desire* desire : desires) {
    if (desire->set == nullptr) continue;
    for (const DesiredObject& object : desire->set->objects()) {
      wishes[object.id].push_back({&object, desire});
    }
  }
  return wishes;
}

// Whose wish for an object counts.
const Wish& winner(const std::vector<Wish>& rivals, const ClusterView& view) {
  const auto live = view.labelled.find(rivals.front().object->id);
  if (live != view.labelled.end()) {
    const auto holder = std::ranges::find_if(rivals, [&live](const Wish& wish) {
      return applyset_id(wish.kustomization()) == live->second.part_of;
    });
    if (holder != rivals.end()) return *holder;
  }
  return rivals.front();
}

Refusal contested(const Wish& loser, const Wish& winner) {
  return {
      .id = loser.object->id,
      .error = {ErrorKind::invalid,
                fmt::format("is desired by {} ({}) and by {} ({}), which keeps it: remove one "
                            "of them",
                            to_string(loser.kustomization()), to_string(loser.object->origin),
                            to_string(winner.kustomization()), to_string(winner.object->origin))},
      .kustomization = loser.kustomization()};
}

// What to do about one desired object: nothing, a Change, a Refusal or a Postponed.
struct Verdict {
  std::optional<Change> change;
  std::optional<Refusal> refusal;
  std::optional<Postponed> postponed;
  bool is_left_alone = false;
};

class Judge {
 public:
  explicit Judge(const PlanInput& input) : input_(input) {}

  Verdict judge(const Wish& wish) const {
    const ResourceId& id = wish.object->id;
    if (is_left_alone(wish)) {
      return {.change = {}, .refusal = {}, .postponed = {}, .is_left_alone = true};
    }
    const auto unseen = input_.view.unseen.find(id.group_kind());
    if (unseen != input_.view.unseen.end()) return refuse_unseen(wish, unseen->second);
    const auto labelled = input_.view.labelled.find(id);
    if (labelled != input_.view.labelled.end()) return judge_labelled(wish, labelled->second);
    const auto unlabelled = input_.view.unlabelled.find(id);
    if (unlabelled != input_.view.unlabelled.end()) {
      return judge_unlabelled(wish, unlabelled->second);
    }
    return judge_absent(wish);
  }

  // What Git has changed as well is applied.
  bool is_to_be_left(const Wish& wish, const Change& change) const {
    if (change.action != Action::revert) return false;
    const AppliedRecord* record = record_of(wish);
    return is_only_watched(wish) && record != nullptr && record->desired == wish.object->hash;
  }

 private:
  static bool is_only_watched(const Wish& wish) {
    return wish.object->drift.value_or(wish.desire->drift) == DriftMode::detect;
  }

  // kustomize-controller's exclusions (fluxcd/pkg ssa, shouldSkipApply).
  bool is_left_alone(const Wish& wish) const {
    if (wish.object->apply_when == ApplyWhen::never) return true;
    const LiveObject* live = live_of(wish.object->id);
    if (live == nullptr) return false;
    return live->is_excluded || wish.object->apply_when == ApplyWhen::absent;
  }

  const LiveObject* live_of(const ResourceId& id) const {
    const auto labelled = input_.view.labelled.find(id);
    if (labelled != input_.view.labelled.end()) return &labelled->second;
    const auto unlabelled = input_.view.unlabelled.find(id);
    return unlabelled == input_.view.unlabelled.end() ? nullptr : &unlabelled->second;
  }

  Verdict judge_absent(const Wish& wish) const {
    const AppliedRecord* record = record_of(wish);
    const Fingerprint* done = made_job(wish);
    const bool is_over = may_have_expired(*wish.object) ||
                         (record == nullptr ? done != nullptr : record->is_complete);
    if (is_over) return judge_vanished_job(wish, record == nullptr ? done : &record->desired);
    if (record == nullptr) return act(wish, Action::create, "new in Git", nullptr);
    return act(wish, Action::revert, "was deleted", nullptr);
  }

  // `made` is the hash of what was made last, null if there was nothing.
  Verdict judge_vanished_job(const Wish& wish, const Fingerprint* made) const {
    if (made == nullptr) return act(wish, Action::create, "new in Git", nullptr);
    if (*made == wish.object->hash) return {};
    return act(wish, Action::create, "changed in Git", nullptr);
  }

  // What the parent says about it. Its hash of the whole rendering does not tell: it is written
  // before the first member.
  const Fingerprint* made_job(const Wish& wish) const {
    const auto parent = input_.view.parents.find(applyset_id(wish.kustomization()));
    if (parent == input_.view.parents.end()) return nullptr;
    const std::map<ResourceId, Fingerprint>& jobs = parent->second.parent.jobs;
    const auto job = jobs.find(wish.object->id);
    return job == jobs.end() ? nullptr : &job->second;
  }

  Verdict judge_unlabelled(const Wish& wish, const LiveObject& live) const {
    if (live.is_terminating) return postpone(wish);
    const AppliedRecord* record = record_of(wish);
    if (record != nullptr && record->uid == live.uid) {
      return act(wish, Action::revert, "its ApplySet label was removed", &live);
    }
    if (record != nullptr && !live.foreign_owner) {
      return act(wish, Action::revert, "was replaced", &live);
    }
    return first_contact(wish, live);
  }

  Verdict judge_labelled(const Wish& wish, const LiveObject& live) const {
    const std::string own_id = applyset_id(wish.kustomization());
    if (live.is_terminating) return postpone(wish);
    if (live.part_of != own_id) return judge_moved(wish, live);
    const AppliedRecord* record = record_of(wish);
    if (record == nullptr) {
      if (is_member(live, Declared::yes)) {
        return act(wish, Action::verify, "not known here", &live);
      }
      return first_contact(wish, live);
    }
    if (record->uid != live.uid) return act(wish, Action::revert, "was replaced", &live);
    if (!live.entry) return act(wish, Action::revert, "managedFields were stripped", &live);
    if (record->desired != wish.object->hash) {
      return act(wish, Action::change, "changed in Git", &live);
    }
    if (record->entry.fields != live.entry->fields) {
      return act(wish, Action::revert, "fields of ours were taken", &live);
    }
    if (record->entry.time != live.entry->time) {
      return act(wish, Action::revert, "another writer uses the field manager primocane", &live);
    }
    if (record->is_altered) {
      return act(wish, Action::revert, "its values were changed on their way", &live);
    }
    if (record->is_learnt && !is_only_watched(wish)) {
      return act(wish, Action::verify, "another node wrote it", &live);
    }
    if (!may_take_over(wish) || live.tool.empty()) return {};
    Verdict verdict = act(wish, Action::revert, "fields were set by hand", &live);
    if (!verdict.change) return verdict;
    verdict.change->manager = live.tool;
    verdict.change->tool = live.tool;
    return verdict;
  }

  // It carries another set's label.
  Verdict judge_moved(const Wish& wish, const LiveObject& live) const {
    const auto foreign = input_.view.foreign_parents.find(live.part_of);
    if (foreign != input_.view.foreign_parents.end()) {
      return refuse(wish, fmt::format("belongs to {}", foreign->second));
    }
    const auto parent = input_.view.parents.find(live.part_of);
    const bool has_parent = parent != input_.view.parents.end();
    const bool is_written_by_us = is_member(live, Declared::yes);
    if (!has_parent || !is_written_by_us) {
      const AppliedRecord* record = record_of(wish);
      if (record != nullptr && record->uid == live.uid) {
        return act(wish, Action::revert, "its ApplySet label was changed", &live);
      }
      // Parents of other tools lie in any namespace and are of any kind: kubectl's is a Secret
      // beside the members.
      if (!has_parent && !is_written_by_us) {
        return refuse(wish,
                      fmt::format("belongs to {}, an ApplySet of another tool", live.part_of));
      }
      return first_contact(wish, live);
    }
    return act(wish, Action::change,
               fmt::format("moved here from {}", to_string(parent->second.parent.kustomization)),
               &live);
  }

  Verdict first_contact(const Wish& wish, const LiveObject& live) const {
    if (live.foreign_owner) {
      return refuse(wish, fmt::format("belongs to {}", live.foreign_owner->tool));
    }
    return act(wish, Action::adopt, "existed and belongs to nobody", &live);
  }

  const AppliedRecord* record_of(const Wish& wish) const {
    const auto record = input_.index.find(wish.object->id);
    return record == input_.index.end() ? nullptr : &record->second;
  }

  // By Git, or by an annotation in the cluster (fluxcd/pkg ssa, shouldForceApply).
  static bool may_recreate(const Wish& wish, const LiveObject* live) {
    return wish.object->is_forced || wish.desire->is_forcing ||
           (live != nullptr && live->is_forced);
  }

  static bool may_take_over(const Wish& wish) { return !wish.object->is_merged; }

  // Who wrote it after we did; who wrote before is not why it differs now.
  bool has_culprit(const Wish& wish, const LiveObject& live) const {
    const AppliedRecord* record = record_of(wish);
    // The scale subresource leaves an entry without a time.
    return record == nullptr || live.last_manager_time.empty() ||
           live.last_manager_time >= record->entry.time;
  }

  Verdict act(const Wish& wish, Action action, std::string reason, const LiveObject* live) const {
    if (action == Action::revert && input_.resting.contains(wish.object->id)) return {};
    const bool may_take = may_take_over(wish);
    const bool is_known = live != nullptr && has_culprit(wish, *live);
    // What a tool took from us comes back with the apply; what else it set shows in the answer.
    const bool takes_over_first = live != nullptr && may_take && action != Action::revert;
    return {.change =
                Change{.id = wish.object->id,
                       .action = action,
                       .reason = std::move(reason),
                       .kustomization = wish.kustomization(),
                       .desired = wish.object,
                       .uid = live == nullptr ? std::string() : live->uid,
                       .resource_version = live == nullptr ? std::string() : live->resource_version,
                       .entry = live == nullptr ? std::nullopt : live->entry,
                       .manager = is_known ? live->last_manager : std::string(),
                       .manager_time = is_known ? live->last_manager_time : std::string(),
                       .tool = takes_over_first ? live->tool : std::string(),
                       .may_take_over = may_take,
                       .may_recreate = may_recreate(wish, live),
                       .user = wish.desire->user},
            .refusal = {},
            .postponed = {}};
  }

  static Verdict refuse(const Wish& wish, std::string why) {
    return {.change = {},
            .refusal = Refusal{.id = wish.object->id,
                               .error = {ErrorKind::conflict,
                                         fmt::format("{}: {}: remove it there or here",
                                                     to_string(wish.object->origin), why)},
                               .kustomization = wish.kustomization()},
            .postponed = {}};
  }

  static Verdict refuse_unseen(const Wish& wish, const Error& error) {
    return {.change = {},
            .refusal = Refusal{.id = wish.object->id,
                               .error = with_context(fmt::format("{}: nobody knows what is there",
                                                                 to_string(wish.object->origin)),
                                                     error),
                               .kustomization = wish.kustomization()},
            .postponed = {}};
  }

  static Verdict postpone(const Wish& wish) {
    return {.change = {},
            .refusal = {},
            .postponed = Postponed{.id = wish.object->id,
                                   .reason = "is being deleted; it comes back after that"}};
  }

  const PlanInput& input_;
};

std::vector<Stage> into_stages(std::vector<Change> changes) {
  std::map<StageKind, Stage> stages;
  for (Change& change : changes) {
    const StageKind kind = stage_of(change.id.group_kind());
    stages.try_emplace(kind, Stage{.kind = kind, .changes = {}})
        .first->second.changes.push_back(std::move(change));
  }
  std::vector<Stage> in_order;
  for (auto& [kind, stage] : stages) {
    std::ranges::sort(stage.changes,
                      [](const Change& a, const Change& b) { return applies_before(a.id, b.id); });
    in_order.push_back(std::move(stage));
  }
  return in_order;
}

bool has_leavers(const PrunePlan& plan) {
  return !plan.removals.empty() || !plan.let_go.empty() || !plan.kept.empty() || plan.refusal;
}

}  // namespace

std::string_view to_string(Action action) {
  switch (action) {
    case Action::create:
      return "create";
    case Action::change:
      return "change";
    case Action::revert:
      return "revert";
    case Action::adopt:
      return "adopt";
    case Action::verify:
      return "verify";
    case Action::remove:
      return "remove";
    case Action::let_go:
      return "let go";
  }
  return "change";
}

std::string_view reason_to(Action action) {
  return action == Action::let_go ? "left Git, and its Kustomization does not prune" : "left Git";
}

Result<void> refuse_what_is_ours(const DesiredSet& set) {
  for (const DesiredObject& object : set.objects()) {
    if (!is_ours(object.id)) continue;
    return fail(ErrorKind::invalid,
                fmt::format("{}: {} is primocane's own and can't be declared in Git: remove it",
                            to_string(object.origin), to_string(object.id)));
  }
  return {};
}

bool may_have_expired(const DesiredObject& object) {
  return object.id.group_kind() == GroupKind{"batch", "Job"} &&
         object.body.find("\"ttlSecondsAfterFinished\":") != std::string::npos;
}

Plan make_plan(const PlanInput& input) {
  std::set<KustomizationName> planned;
  for (const Desire& desire : input.desires) planned.insert(desire.name);
  Plan plan;
  std::vector<Change> changes;
  const Judge judge(input);
  for (const auto& [id, rivals] : collect(input)) {
    const Wish& chosen = winner(rivals, input.view);
    for (const Wish& wish : rivals) {
      if (&wish == &chosen || !planned.contains(wish.kustomization())) continue;
      if (chosen.desire->is_current) {
        plan.refusals.push_back(contested(wish, chosen));
      } else {
        plan.postponed.push_back({.id = id, .reason = "another Kustomization may still desire it"});
      }
    }
    if (!planned.contains(chosen.kustomization())) continue;
    Verdict verdict = judge.judge(chosen);
    if (verdict.change && judge.is_to_be_left(chosen, *verdict.change)) {
      plan.drifted.push_back({.id = id,
                              .reason = std::move(verdict.change->reason),
                              .manager = std::move(verdict.change->manager),
                              .kustomization = chosen.kustomization()});
    } else if (verdict.change) {
      changes.push_back(std::move(*verdict.change));
    } else if (verdict.refusal) {
      plan.refusals.push_back(std::move(*verdict.refusal));
    } else if (verdict.postponed) {
      plan.postponed.push_back(std::move(*verdict.postponed));
    } else {
      ++plan.unchanged[chosen.kustomization()];
      if (verdict.is_left_alone) plan.left_alone[chosen.kustomization()].insert(id);
    }
  }
  plan.stages = into_stages(std::move(changes));
  return plan;
}

PrunePlan plan_prune_of(const std::vector<Desire>& desires, const ClusterView& view,
                        const PruneSettings& settings) {
  std::set<ResourceId> desired;
  std::set<KustomizationName> kustomizations;
  std::set<KustomizationName> keeping;
  std::set<KustomizationName> lasting;
  const KustomizationName* unknown = nullptr;
  for (const Desire& desire : desires) {
    kustomizations.insert(desire.name);
    if (desire.loses_nothing || desire.set == nullptr) lasting.insert(desire.name);
    if (!desire.is_pruning) keeping.insert(desire.name);
    desired.insert(desire.expected.begin(), desire.expected.end());
    if (desire.set == nullptr) {
      unknown = &desire.name;
      continue;
    }
    for (const DesiredObject& object : desire.set->objects()) desired.insert(object.id);
  }
  PrunePlan plan = plan_prune({.view = view,
                               .desired = desired,
                               .kustomizations = kustomizations,
                               .keeping = keeping,
                               .lasting = lasting,
                               .settings = settings});
  if (unknown == nullptr) return plan;
  PrunePlan waiting;
  if (has_leavers(plan)) waiting.waits_for = *unknown;
  return waiting;
}

}  // namespace primocane

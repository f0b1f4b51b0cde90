// SPDX-License-Identifier: Apache-2.0
#include "plan/prune.hpp"

#include "resource/apply_order.hpp"
#include "resource/applyset.hpp"
#include "resource/desired.hpp"
#include "resource/live_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace primocane {

namespace {

constexpr std::uint64_t small_set_max = 10;

bool holds_data(const GroupKind& kind) {
  return kind == GroupKind{"", "Namespace"} || kind == GroupKind{"", "PersistentVolumeClaim"} ||
         kind == GroupKind{"apiextensions.k8s.io", "CustomResourceDefinition"};
}

PruneMark mark_of(const Parent& parent, const ResourceId& id) {
  const auto mark = parent.prune_marks.find(id);
  return mark == parent.prune_marks.end() ? PruneMark::unmarked : mark->second;
}

// The reverse of the order of applying, over all stages.
bool removed_before(const Removal& a, const Removal& b) {
  const StageKind stage_a = stage_of(a.id.group_kind());
  const StageKind stage_b = stage_of(b.id.group_kind());
  if (stage_a != stage_b) return stage_a > stage_b;
  return applies_before(b.id, a.id);
}

// Identifies exactly this list of deletions: objects and incarnations.
std::string hash_of(std::vector<Removal> removals) {
  std::ranges::sort(removals, {}, &Removal::id);
  std::string text;
  for (const Removal& removal : removals) {
    text += fmt::format("{}\n{}\n{}\n", removal.id.group, to_string(removal.id), removal.uid);
  }
  return to_string(fingerprint(text)).substr(0, 16);
}

// The members of one set that left Git, and how many members it has in all.
struct Leavers {
  std::vector<Removal> removals;
  std::vector<Removal> data_holders;  // kept unless confirmed
  std::uint64_t members = 0;
};

class PrunePlanner {
 public:
  explicit PrunePlanner(const PruneInput& input) : input_(input) {
    for (const KustomizationName& name : input.kustomizations) ids_.insert(applyset_id(name));
  }

  PrunePlan run() {
    for (const auto& [id, live] : input_.view.labelled) {
      if (input_.desired.contains(id)) desired_uids_.insert(live.uid);
    }
    for (const auto& [id, live] : input_.view.labelled) look_at(id, live);
    decide();
    std::ranges::sort(plan_.removals, removed_before);
    return std::move(plan_);
  }

 private:
  void look_at(const ResourceId& id, const LiveObject& live) {
    // Some objects are served by two groups (Events): what is desired of one is no leaver of the
    // other.
    const bool is_desired = desired_uids_.contains(live.uid);
    if (!is_member(live, is_desired ? Declared::yes : Declared::no)) return;
    const auto parent = input_.view.parents.find(live.part_of);
    if (parent == input_.view.parents.end()) {
      const bool is_foreign = input_.view.foreign_parents.contains(live.part_of);
      // The parent of a set in Git is made anew by this pass; the next one looks at its members.
      const bool is_in_git = ids_.contains(live.part_of);
      if (!is_foreign && !is_in_git && !is_desired) plan_.orphans.push_back(id);
      return;
    }
    const KustomizationName& name = parent->second.parent.kustomization;
    if (input_.lasting.contains(name)) return;
    Leavers& leavers = by_set_[name];
    ++leavers.members;
    if (is_desired || live.is_terminating) return;
    const bool is_let_go = input_.kustomizations.contains(name)
                               ? input_.keeping.contains(name)
                               : parent->second.parent.on_removal == OnRemoval::orphan;
    if (!is_let_go) {
      sort_out(parent->second.parent, live, leavers);
    } else if (!live.is_excluded) {
      plan_.let_go.push_back(removal_of(live, name));
    }
  }

  static Removal removal_of(const LiveObject& live, const KustomizationName& name) {
    return {.id = live.id,
            .kustomization = name,
            .uid = live.uid,
            .resource_version = live.resource_version};
  }

  void sort_out(const Parent& parent, const LiveObject& live, Leavers& leavers) {
    const PruneMark mark = mark_of(parent, live.id);
    Removal removal = removal_of(live, parent.kustomization);
    if (mark == PruneMark::disabled || live.prune_disabled) {
      plan_.kept.push_back({.id = live.id,
                            .kustomization = parent.kustomization,
                            .reason = "annotated kustomize.toolkit.fluxcd.io/prune: disabled"});
      return;
    }
    if (live.is_excluded) {
      plan_.kept.push_back({.id = live.id,
                            .kustomization = parent.kustomization,
                            .reason = "annotated to be left alone (reconcile: disabled or ssa: "
                                      "Ignore)"});
      return;
    }
    const bool is_explicit =
        !input_.kustomizations.contains(parent.kustomization) &&
        (parent.on_removal == OnRemoval::remove || parent.on_removal == OnRemoval::remove_and_wait);
    const bool is_held = holds_data(live.id.group_kind()) && mark != PruneMark::allowed &&
                         !is_explicit && input_.settings.data_kinds == DataKinds::keep;
    (is_held ? leavers.data_holders : leavers.removals).push_back(std::move(removal));
  }

  void decide() {
    std::vector<Removal> free;
    std::vector<Removal> held;
    std::string reason;
    for (const auto& [name, leavers] : by_set_) {
      free.insert(free.end(), leavers.removals.begin(), leavers.removals.end());
      held.insert(held.end(), leavers.data_holders.begin(), leavers.data_holders.end());
      const bool is_in_git = input_.kustomizations.contains(name);
      const std::uint64_t members = members_before(name, leavers);
      if (is_in_git && members > small_set_max && leavers.removals.size() * 2 > members) {
        reason = fmt::format("{} of the {} members of {} would be deleted, more than half",
                             leavers.removals.size(), members, to_string(name));
      }
    }
    if (free.size() > input_.settings.deletions_max) {
      reason = fmt::format("{} {} would be deleted, more than prune.maxDeletions ({})", free.size(),
                           free.size() == 1 ? "object" : "objects", input_.settings.deletions_max);
    }
    std::vector<Removal> whole = free;
    whole.insert(whole.end(), held.begin(), held.end());
    // What is not too much is deleted by this very pass: a person confirms what is left after it.
    std::string confirmation;
    if (!held.empty()) confirmation = hash_of(reason.empty() ? held : whole);
    if (is_confirmed(confirmation)) {
      plan_.is_confirmed = true;
      plan_.removals = std::move(whole);
      return;
    }
    keep(held);
    plan_.confirmation = std::move(confirmation);
    plan_.is_confirmed = !reason.empty() && is_confirmed(hash_of(free));
    if (!reason.empty() && !plan_.is_confirmed) {
      refuse(std::move(free), std::move(reason));
      return;
    }
    plan_.removals = std::move(free);
  }

  // How many members the set had before what left Git did. What is live now has what came in their
  // place as well; that is all there is to go by where the parent does not know.
  std::uint64_t members_before(const KustomizationName& name, const Leavers& leavers) const {
    const auto parent = input_.view.parents.find(applyset_id(name));
    const bool is_known = parent != input_.view.parents.end() && parent->second.parent.members > 0;
    return is_known ? parent->second.parent.members : leavers.members;
  }

  bool is_confirmed(const std::string& hash) const {
    return !hash.empty() && input_.settings.confirmed == hash;
  }

  void keep(const std::vector<Removal>& held) {
    for (const Removal& removal : held) {
      plan_.kept.push_back(
          {.id = removal.id,
           .kustomization = removal.kustomization,
           .reason = fmt::format("a {} may hold data: annotate it primocane.dev/prune: allowed "
                                 "before it leaves Git, or confirm",
                                 removal.id.kind),
           .is_confirmable = true});
    }
  }

  void refuse(std::vector<Removal> removals, std::string reason) {
    PruneRefusal refusal{.removals = {}, .hash = hash_of(removals), .reason = std::move(reason)};
    std::ranges::sort(removals, removed_before);
    for (Removal& removal : removals) refusal.removals.push_back(std::move(removal.id));
    plan_.refusal = std::move(refusal);
  }

  const PruneInput& input_;
  std::set<std::string> ids_;  // of the sets in Git
  std::set<std::string> desired_uids_;
  std::map<KustomizationName, Leavers> by_set_;
  PrunePlan plan_;
};

}  // namespace

std::string waiting_words(const KustomizationName& name) {
  return fmt::format(
      "objects left Git; nothing is deleted before it is known what Kustomization/{} desires",
      to_string(name));
}

PrunePlan plan_prune(const PruneInput& input) { return PrunePlanner(input).run(); }

}  // namespace primocane

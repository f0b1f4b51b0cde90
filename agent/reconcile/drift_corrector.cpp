// SPDX-License-Identifier: Apache-2.0
#include "reconcile/drift_corrector.hpp"

#include "plan/as_written.hpp"
#include "reconcile/drift_report.hpp"
#include "reconcile/flux_watch.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/others_writes.hpp"
#include "resource/apply_order.hpp"
#include "resource/applyset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// Whether Flux runs here is asked once a minute at most, as passes do.
constexpr Duration flux_absence_max = std::chrono::minutes(1);

// The metadata of more than so many values is not kept: of these objects no fields are told.
constexpr std::size_t values_kept_max = 20'000;

// What is desired of a batch is copied.
constexpr std::ptrdiff_t batch_max = 256;
constexpr std::size_t batch_bytes_max = std::size_t{4} * 1024 * 1024;

// How many values `value` is made of, or more than `most`.
std::size_t count_values(const Value& value, std::size_t most) {
  std::size_t count = 1;
  if (const Object* object = value.as_object()) {
    for (const auto& [key, inner] : *object) {
      if (count > most) return count;
      count += count_values(inner, most - count);
    }
  } else if (const Array* array = value.as_array()) {
    for (const Value& inner : *array) {
      if (count > most) return count;
      count += count_values(inner, most - count);
    }
  }
  return count;
}

ResourceId namespace_of(const ResourceId& id) { return {"", "Namespace", "", id.namespace_name}; }

}  // namespace

DriftCorrector::DriftCorrector(CorrectorParts parts)
    : parts_(std::move(parts)),
      altered_(parts_.loop, parts_.cluster, parts_.live, parts_.memory,
               [this](const ResourceId& id) { changed(id, nullptr); }) {}

void DriftCorrector::changed(const ResourceId& id, const Value* object) {
  if (id.group_kind() == GroupKind{"", "Namespace"} && object != nullptr) follow_namespace(id);
  // Looked at again when the write has ended: what is told now may be its echo.
  if (parts_.live.is_being_written(id)) return;
  learn(id);
  altered_.changed(id);
  if (!is_suspect(id)) {
    in_vain_.erase(id);
    undone_.erase(id);
    forget_drift(id);
    if (needs_rendering(id)) parts_.ask_for_pass();
    return;
  }
  if (!was_tried_in_vain(id)) suspect(id, object);
}

// What the node whose turn it is has written.
void DriftCorrector::learn(const ResourceId& id) {
  if (parts_.turn == nullptr || parts_.turn->is_first()) return;
  const auto set = learn_write(parts_.memory, parts_.live, id, parts_.loop.clock().now());
  if (!set) return;
  parts_.turn->note_others_act(*set);
  if (parts_.turn->has_waited()) parts_.ask_for_pass();
}

void DriftCorrector::look_at(const GroupKind& kind) {
  for (const auto& [id, record] : parts_.memory.index) {
    if (id.group_kind() == kind) changed(id, nullptr);
  }
}

void DriftCorrector::look_at_all() {
  altered_.look_again();
  for (const auto& [id, record] : parts_.memory.index) changed(id, nullptr);
}

void DriftCorrector::look_at_pauses() {
  const auto before = std::exchange(pauses_, parts_.live.pauses());
  // One whose parent was deleted goes on: a pass writes it again.
  for (const auto& pause : before) {
    if (parts_.live.find_parent(applyset_id(pause.first)) == nullptr) pauses_.insert(pause);
  }
  const bool has_ended = std::ranges::any_of(
      before, [this](const auto& entry) { return !pauses_.contains(entry.first); });
  if (has_ended) look_at_all();
}

// A pass may not have seen it yet.
bool DriftCorrector::is_paused(const ResourceId& id) const {
  const WallTime now = parts_.loop.clock().wall_now();
  return std::ranges::any_of(pauses_, [&](const auto& entry) {
    if (is_over(entry.second, now)) return false;
    if (entry.first == parts_.memory.root) return true;
    const auto state = parts_.memory.kustomizations.find(entry.first);
    const bool is_known =
        state != parts_.memory.kustomizations.end() && state->second.rendered.has_value();
    return is_known && state->second.rendered->desired.find(id) != nullptr;
  });
}

std::string DriftCorrector::state_of(const ResourceId& id) const {
  return primocane::state_of(parts_.live.find(id));
}

// The same again is left to passes, which wait longer and longer.
bool DriftCorrector::was_tried_in_vain(const ResourceId& id) {
  const auto tried = in_vain_.find(id);
  if (tried == in_vain_.end()) return false;
  if (tried->second == state_of(id)) return true;
  in_vain_.erase(tried);
  return false;
}

// Whether it is not as it was written. Costs little: called for every event, of which nearly all
// are of no interest.
bool DriftCorrector::differs(const ResourceId& id) const {
  const auto record = parts_.memory.index.find(id);
  if (record == parts_.memory.index.end()) return false;
  const LiveObject* live = parts_.live.find(id);
  // Where no watch shows what there is, that nothing is known of it says nothing.
  if (live == nullptr) return parts_.live.shows(id.group_kind());
  // Comes back when it is gone.
  if (live->is_terminating) return false;
  return !is_as_written(*live, record->second) || !live->tool.empty();
}

// It may have drifted, which only what it should be can tell, and that was given up. A Job may have
// vanished because it was over.
bool DriftCorrector::needs_rendering(const ResourceId& id) const {
  const bool may_be_over = id.kind == "Job" && parts_.live.find(id) == nullptr;
  return parts_.memory.are_renderings_given_up && !may_be_over && differs(id) &&
         !parts_.memory.drifted.contains(id) && !is_paused(id);
}

bool DriftCorrector::is_suspect(const ResourceId& id) const {
  if (!differs(id)) return false;
  const LiveObject* live = parts_.live.find(id);
  const DesiredObject* desired = applied_object(parts_.memory, id);
  if (desired == nullptr || is_paused(id)) return false;
  // By another node, which knows something newer: passes find out.
  const bool is_others =
      parts_.turn != nullptr && is_claimed_otherwise(parts_.memory, parts_.live, *parts_.turn, id);
  if (is_others) return false;
  // Others may do with it what they want.
  const bool is_left_alone =
      live != nullptr && (live->is_excluded || desired->apply_when != ApplyWhen::always);
  if (is_left_alone) return false;
  const bool is_ours_untouched =
      live != nullptr && is_as_written(*live, parts_.memory.index.at(id));
  if (is_ours_untouched && desired->is_merged) return false;
  if (live != nullptr || id.namespace_name.empty()) return true;
  // What was in a namespace that is going, or gone, comes back with it.
  const ResourceId space = namespace_of(id);
  if (applied_object(parts_.memory, space) == nullptr) return true;
  const LiveObject* namespace_object = parts_.live.find(space);
  return namespace_object != nullptr && !namespace_object->is_terminating;
}

// Until when it is left as it is, if it is: by a fight, or for another node to act.
std::optional<SteadyTime> DriftCorrector::rest_end(const ResourceId& id) {
  const SteadyTime now = parts_.loop.clock().now();
  if (const auto until = parts_.memory.fights.rest_end(id, now)) return until;
  if (parts_.turn == nullptr || parts_.turn->is_first()) return std::nullopt;
  const SteadyTime since = undone_.try_emplace(id, now).first->second;
  return parts_.turn->due(since);
}

void DriftCorrector::suspect(const ResourceId& id, const Value* object) {
  if (const auto until = rest_end(id)) return rest(id, *until);
  const SteadyTime now = parts_.loop.clock().now();
  Suspect& known = suspects_.try_emplace(id, Suspect{.seen_at = now}).first->second;
  known.metadata = object != nullptr && has_room(*object) ? *object : Value();
  plan_turn();
}

bool DriftCorrector::has_room(const Value& metadata) {
  const std::size_t room = values_kept_max - std::min(values_kept_max, kept_values_);
  const std::size_t values = count_values(metadata, room);
  if (values > room) return false;
  kept_values_ += values;
  return true;
}

void DriftCorrector::plan_turn() {
  if (turn_ == nullptr) turn_ = parts_.loop.after(Duration::zero(), [this] { run_turn(); });
}

void DriftCorrector::run_turn() {
  turn_.reset();
  std::erase_if(corrections_, [](const Correction& correction) { return correction.is_done; });
  if (std::ranges::any_of(corrections_, &Correction::is_full)) return;
  Suspects batch = take_batch();
  Correction& correction = corrections_.emplace_back();
  correction.is_full = !suspects_.empty();
  correction.job = Job::start(correct(std::move(batch)), [this, &correction] {
    correction.is_done = true;
    if (correction.is_full) plan_turn();
  });
}

// Those that are applied first, so many that what is copied of them stays small.
Suspects DriftCorrector::take_batch() {
  std::erase_if(suspects_, [this](const auto& entry) {
    return !is_suspect(entry.first) || was_tried_in_vain(entry.first);
  });
  std::vector<ResourceId> ids;
  ids.reserve(suspects_.size());
  for (const auto& [id, suspect] : suspects_) ids.push_back(id);
  const auto end = ids.begin() + std::min<std::ptrdiff_t>(batch_max, std::ssize(ids));
  std::ranges::partial_sort(ids, end, applies_before);
  Suspects batch;
  std::size_t bytes = 0;
  for (auto id = ids.begin(); id != end && bytes < batch_bytes_max; ++id) {
    const DesiredObject* desired = applied_object(parts_.memory, *id);
    if (desired != nullptr) bytes += desired->body.size();
    batch.insert(suspects_.extract(*id));
  }
  if (suspects_.empty()) kept_values_ = 0;
  return batch;
}

void DriftCorrector::rest(const ResourceId& id, SteadyTime until) {
  resting_.insert_or_assign(id, until);
  const auto first =
      std::ranges::min_element(resting_, {}, [](const auto& entry) { return entry.second; });
  const Duration left = first->second - parts_.loop.clock().now();
  alarm_ = parts_.loop.after(std::max(left, Duration::zero()), [this] { wake(); });
}

// Those that rest, if they still are as somebody else wants them.
void DriftCorrector::wake() {
  alarm_.reset();
  for (const auto& [id, until] : std::exchange(resting_, {})) {
    changed(id, nullptr);
  }
}

Task<void> DriftCorrector::correct(Suspects suspects) {
  DriftBatch batch(parts_.memory, parts_.live, std::move(suspects));
  if (batch.is_empty()) co_return;
  const std::set<ResourceId> absent = batch.absent();
  if (!absent.empty()) {
    const Result<KindCatalog> catalog =
        co_await look_up_kinds(parts_.cluster, std::set<GroupKind>());
    Result<void> looked;
    if (catalog) looked = co_await look_up(parts_.cluster, absent, *catalog, batch.view());
    if (!catalog || !looked) {
      parts_.ask_for_pass();
      co_return;
    }
  }
  const Plan plan = batch.plan(parts_.memory.index);
  leave_to_pass(batch.all_but(plan));
  note_drifted(batch, plan);
  if (plan.stages.empty()) co_return;
  const bool is_allowed = co_await may_write();
  if (!is_allowed) {
    parts_.ask_for_pass();
    co_return;
  }
  if (parts_.turn != nullptr) parts_.turn->tell_silence();
  OutcomeSink sink = [this, &batch](const Outcome& outcome) { note(batch, outcome); };
  ApplySettings settings{.patience = Duration::zero()};
  Applier applier(parts_.cluster, parts_.loop, in_flight_, parts_.memory.index, &parts_.live,
                  settings, std::move(sink));
  std::function<bool(const Change&)> is_still_meant = [this](const Change& change) {
    const DesiredObject* desired = applied_object(parts_.memory, change.id);
    return desired != nullptr && desired->hash == change.desired->hash && is_suspect(change.id);
  };
  applier.require(std::move(is_still_meant));
  for (const Stage& stage : plan.stages) co_await applier.apply(stage);
}

// What has drifted and is no matter of reverting: it belongs to somebody else now, is being
// deleted, or nobody knows.
void DriftCorrector::leave_to_pass(const std::vector<ResourceId>& ids) {
  for (const ResourceId& id : ids) {
    if (!is_suspect(id) || was_tried_in_vain(id)) continue;
    in_vain_.insert_or_assign(id, state_of(id));
    parts_.ask_for_pass();
  }
}

// Passes tell why not.
Task<bool> DriftCorrector::may_write() {
  const SteadyTime now = parts_.loop.clock().now();
  if (flux_seen_at_ && now - *flux_seen_at_ < flux_absence_max) co_return is_flux_absent_;
  const Result<std::vector<RunningFlux>> running = co_await find_running_flux(parts_.cluster);
  if (!running) co_return false;
  const HelmReleasesInGit releases =
      parts_.memory.releases.empty() ? HelmReleasesInGit::no : HelmReleasesInGit::yes;
  is_flux_absent_ = find_rival(*running, releases) == nullptr;
  flux_seen_at_ = parts_.loop.clock().now();
  co_return is_flux_absent_;
}

// What is only watched: it is looked at again when it changes again.
void DriftCorrector::note_drifted(const DriftBatch& batch, const Plan& plan) {
  for (const Drifted& drifted : plan.drifted) {
    if (!is_suspect(drifted.id)) continue;
    std::string state = state_of(drifted.id);
    in_vain_.insert_or_assign(drifted.id, state);
    if (!note_drift(parts_.memory.drifted, drifted.id, std::move(state))) continue;
    const Suspect* suspect = batch.suspect(drifted.id);
    const DesiredObject* desired = applied_object(parts_.memory, drifted.id);
    const bool is_open = desired != nullptr && desired->confidential.empty();
    parts_.events.emit(drift_event(batch.subject(drifted.kustomization), drifted,
                                   suspect == nullptr ? Value() : suspect->metadata,
                                   is_open ? ItemNames::keys : ItemNames::hidden));
    parts_.drifted();
  }
}

// It is as it was written again.
void DriftCorrector::forget_drift(const ResourceId& id) {
  if (!parts_.memory.drifted.contains(id)) return;
  const auto record = parts_.memory.index.find(id);
  const LiveObject* live = parts_.live.find(id);
  const bool is_well = record != parts_.memory.index.end() && live != nullptr &&
                       is_as_written(*live, record->second) && live->tool.empty();
  if (!is_well) return;
  parts_.memory.drifted.erase(id);
  parts_.drifted();
}

void DriftCorrector::note(const DriftBatch& batch, const Outcome& outcome) {
  const ResourceId& id = outcome.change->id;
  if (!outcome.live) {
    in_vain_.insert_or_assign(id, state_of(id));
    parts_.ask_for_pass();
    return;
  }
  const Subject& subject = batch.subject(outcome.change->kustomization);
  if (const auto told = admission_event(parts_.memory.altered, subject, outcome)) {
    parts_.events.emit(*told);
  }
  // What an apply does not change is not tried again; else it is no suspect any more.
  if (!outcome.has_changed) in_vain_.insert_or_assign(id, state_of(id));
  const Suspect* suspect = batch.suspect(id);
  const SteadyTime now = parts_.loop.clock().now();
  Outcome told = outcome;
  if (suspect != nullptr) told.duration = now - suspect->seen_at;
  Opponent opponent = opponent_of(told, suspect == nullptr ? Value() : suspect->metadata);
  if (is_revert(told)) {
    const auto drifted = drifted_for(told, parts_.loop.clock().wall_now());
    parts_.events.emit(revert_event(subject, told, opponent, drifted ? drifted : told.duration));
    parts_.reverted();
  }
  const bool was_fought = parts_.memory.fights.opponent(id) != nullptr;
  note_revert(parts_.memory.fights, told, now, std::move(opponent));
  // A pass tells it, and who is in the way.
  if (!was_fought && parts_.memory.fights.opponent(id) != nullptr) parts_.ask_for_pass();
}

// A namespace that is there: what was in it and went with it comes back.
void DriftCorrector::follow_namespace(const ResourceId& space) {
  const LiveObject* live = parts_.live.find(space);
  if (live == nullptr || live->is_terminating) return;
  for (const auto& [id, record] : parts_.memory.index) {
    if (id.namespace_name != space.name) continue;
    const bool is_gone = parts_.live.shows(id.group_kind()) && parts_.live.find(id) == nullptr;
    if (is_gone) changed(id, nullptr);
  }
}

}  // namespace primocane

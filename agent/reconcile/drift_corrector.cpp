// SPDX-License-Identifier: Apache-2.0
#include "reconcile/drift_corrector.hpp"

#include "reconcile/drift_report.hpp"
#include "reconcile/flux_watch.hpp"
#include "reconcile/observe.hpp"
#include "resource/apply_order.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// Whether Flux runs here is asked once a minute at most, as passes do.
constexpr Duration flux_absence_max = std::chrono::minutes(1);

// The metadata of more than that is not kept: what is told of so many is no more than that they
// were reverted.
constexpr std::size_t metadata_kept_max = 64;

constexpr std::ptrdiff_t batch_max = 256;

ResourceId namespace_of(const ResourceId& id) { return {"", "Namespace", "", id.namespace_name}; }

}  // namespace

void DriftCorrector::changed(const ResourceId& id, const Value* object) {
  if (id.group_kind() == GroupKind{"", "Namespace"} && object != nullptr) follow_namespace(id);
  // Looked at again when the write has ended: what is told now may be its echo.
  if (parts_.live.is_being_written(id) || !is_suspect(id) || was_tried_in_vain(id)) return;
  suspect(id, object);
}

void DriftCorrector::began_to_show(const GroupKind& kind) {
  for (const auto& [id, record] : parts_.memory.index) {
    if (id.group_kind() == kind && parts_.live.find(id) == nullptr) changed(id, nullptr);
  }
}

std::string DriftCorrector::version_of(const ResourceId& id) const {
  const LiveObject* live = parts_.live.find(id);
  return live == nullptr ? std::string() : live->resource_version;
}

// The same again is left to passes, which wait longer and longer.
bool DriftCorrector::was_tried_in_vain(const ResourceId& id) {
  const auto tried = in_vain_.find(id);
  if (tried == in_vain_.end()) return false;
  if (tried->second == version_of(id)) return true;
  in_vain_.erase(tried);
  return false;
}

// Costs little: called for every event, of which nearly all are of no interest.
bool DriftCorrector::is_suspect(const ResourceId& id) const {
  const auto record = parts_.memory.index.find(id);
  if (record == parts_.memory.index.end()) return false;
  const LiveObject* live = parts_.live.find(id);
  const bool is_same = live != nullptr && live->uid == record->second.uid &&
                       live->entry == record->second.entry && live->tool.empty();
  if (is_same) return false;
  // Where no watch shows what there is, that nothing is known of it says nothing.
  if (live == nullptr && !parts_.live.shows(id.group_kind())) return false;
  // Comes back when it is gone.
  if (live != nullptr && live->is_terminating) return false;
  const DesiredObject* desired = applied_object(parts_.memory, id);
  if (desired == nullptr) return false;
  const bool is_merged = live != nullptr && desired->is_merged && live->uid == record->second.uid &&
                         live->entry == record->second.entry;
  if (is_merged) return false;
  if (live != nullptr || id.namespace_name.empty()) return true;
  // What was in a namespace that is going, or gone, comes back with it.
  const ResourceId space = namespace_of(id);
  if (applied_object(parts_.memory, space) == nullptr) return true;
  const LiveObject* namespace_object = parts_.live.find(space);
  return namespace_object != nullptr && !namespace_object->is_terminating;
}

void DriftCorrector::suspect(const ResourceId& id, const Value* object) {
  const SteadyTime now = parts_.loop.clock().now();
  if (const auto until = parts_.memory.fights.rest_end(id, now)) return rest(id, *until);
  Suspect& known = suspects_.try_emplace(id, Suspect{.seen_at = now}).first->second;
  const bool is_kept = object != nullptr && suspects_.size() <= metadata_kept_max;
  known.metadata = is_kept ? *object : Value();
  plan_turn();
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
  if (suspects_.size() <= std::size_t{batch_max}) return std::exchange(suspects_, {});
  std::vector<ResourceId> ids;
  ids.reserve(suspects_.size());
  for (const auto& [id, suspect] : suspects_) ids.push_back(id);
  std::ranges::nth_element(ids, ids.begin() + batch_max, applies_before);
  ids.resize(std::size_t{batch_max});
  Suspects batch;
  for (const ResourceId& id : ids) batch.insert(suspects_.extract(id));
  return batch;
}

void DriftCorrector::rest(const ResourceId& id, SteadyTime until) {
  resting_.insert_or_assign(id, until);
  const auto first =
      std::ranges::min_element(resting_, {}, [](const auto& entry) { return entry.second; });
  const Duration left = first->second - parts_.loop.clock().now();
  alarm_ = parts_.loop.after(std::max(left, Duration::zero()), [this] { wake(); });
}

// Those whose rest has ended, if they still are as somebody else wants them.
void DriftCorrector::wake() {
  alarm_.reset();
  for (const auto& [id, until] : std::exchange(resting_, {})) {
    if (is_suspect(id)) suspect(id, nullptr);
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
  const std::vector<Stage> stages = batch.plan(parts_.memory.index);
  if (stages.empty()) co_return;
  const bool is_allowed = co_await may_write();
  if (!is_allowed) {
    parts_.ask_for_pass();
    co_return;
  }
  OutcomeSink sink = [this, &batch](const Outcome& outcome) { note(batch, outcome); };
  ApplySettings settings{.patience = Duration::zero()};
  Applier applier(parts_.cluster, parts_.loop, in_flight_, parts_.memory.index, &parts_.live,
                  settings, std::move(sink));
  for (const Stage& stage : stages) co_await applier.apply(stage);
}

// Passes tell why not.
Task<bool> DriftCorrector::may_write() {
  const SteadyTime now = parts_.loop.clock().now();
  if (flux_absent_at_ && now - *flux_absent_at_ < flux_absence_max) co_return true;
  const Result<std::vector<RunningFlux>> running = co_await find_running_flux(parts_.cluster);
  if (!running) co_return false;
  const HelmReleasesInGit releases =
      parts_.memory.releases.empty() ? HelmReleasesInGit::no : HelmReleasesInGit::yes;
  if (find_rival(*running, releases) != nullptr) co_return false;
  flux_absent_at_ = parts_.loop.clock().now();
  co_return true;
}

void DriftCorrector::note(const DriftBatch& batch, const Outcome& outcome) {
  const ResourceId& id = outcome.change->id;
  if (!outcome.live) {
    in_vain_.insert_or_assign(id, version_of(id));
    parts_.ask_for_pass();
    return;
  }
  in_vain_.erase(id);
  const Suspect* suspect = batch.suspect(id);
  const SteadyTime now = parts_.loop.clock().now();
  Outcome told = outcome;
  if (suspect != nullptr) told.duration = now - suspect->seen_at;
  Opponent opponent = opponent_of(told, suspect == nullptr ? Value() : suspect->metadata);
  if (is_revert(told)) {
    const auto drifted = drifted_for(told, parts_.loop.clock().wall_now());
    parts_.events.emit(revert_event(batch.subject(told.change->kustomization), told, opponent,
                                    drifted ? drifted : told.duration));
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
    const bool is_to_come = is_gone && !parts_.live.is_being_written(id) && is_suspect(id);
    if (is_to_come) suspect(id, nullptr);
  }
}

}  // namespace primocane

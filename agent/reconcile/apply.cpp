// SPDX-License-Identifier: Apache-2.0
#include "reconcile/apply.hpp"

#include "document/json.hpp"
#include "plan/as_written.hpp"
#include "reconcile/take_over.hpp"
#include "resource/applyset.hpp"
#include "resource/field_ownership.hpp"
#include "resource/ignored_fields.hpp"
#include "resource/well_known.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr Duration first_pause = std::chrono::milliseconds(100);
constexpr Duration longest_pause = std::chrono::seconds(5);

// One may be bad luck.
constexpr std::uint32_t unanswered_max = 3;

Error not_tried() { return {ErrorKind::unavailable, "not tried: the API server does not answer"}; }

bool waits_for_something(const Error& error) { return error.kind == ErrorKind::unavailable; }

// How the API server says that a field may not change (k8s.io/apimachinery
// api/validation/objectmeta.go and the validation of the built-in kinds), and how policies do
// (fluxcd/pkg ssa/errors, IsImmutableError). Flux takes any refusal as invalid for that: what Git
// says wrongly would then be deleted and not come back.
bool is_immutability(const Error& error) {
  constexpr std::array<std::string_view, 8> of_server{
      "immutable",         "may not change",  "may not be changed", "are forbidden",
      "cannot be changed", "must not change", "cannot change",      "may not be updated"};
  constexpr std::array<std::string_view, 2> of_policies{"is immutable", "immutable field"};
  const auto is_said = [&error](std::string_view phrase) {
    return error.message.find(phrase) != std::string::npos;
  };
  if (error.kind == ErrorKind::invalid) return std::ranges::any_of(of_server, is_said);
  return error.kind == ErrorKind::denied && std::ranges::any_of(of_policies, is_said);
}

Task<Result<LiveObject>> look_at(Cluster& cluster, ResourceId id) {
  Result<LiveObject> found = fail(ErrorKind::cancelled, "gone");
  std::function<void(const Value&)> each = [&](const Value& object) {
    found = read_live_object(object, id.group_kind());
  };
  MetadataQuery query{.group_kind = id.group_kind(),
                      .namespace_name = id.namespace_name,
                      .label_selector = {},
                      .name = id.name};
  CO_CHECK(co_await cluster.list_metadata(std::move(query), std::move(each)));
  co_return found;
}

}  // namespace

ApplyRequest request_for(const Change& change) {
  return {.id = change.id,
          .version = change.desired->version,
          .body = change.desired->body,
          .uid = change.uid,
          .resource_version = {},
          .user = change.user,
          .confidential = change.desired->confidential,
          .wants_fields = change.action == Action::revert};
}

Applier::Applier(Cluster& cluster, EventLoop& loop, InFlightLimit& in_flight, AppliedIndex& index,
                 LiveCluster* live, ApplySettings settings, OutcomeSink sink)
    : cluster_(cluster),
      loop_(loop),
      in_flight_(in_flight),
      index_(index),
      live_(live),
      settings_(settings),
      sink_(std::move(sink)) {}

Task<void> Applier::apply(const Stage& stage) {
  std::vector<Attempt> attempts;
  attempts.reserve(stage.changes.size());
  for (const Change& change : stage.changes) attempts.push_back({.change = &change});
  last_success_ = loop_.clock().now();
  Duration pause = first_pause;
  const bool is_hopeless = is_server_silent();  // since an earlier stage, whose patience has ended
  for (;;) {
    const SteadyTime round_start = loop_.clock().now();
    co_await apply_round(attempts);
    std::erase_if(attempts, [](const Attempt& attempt) { return attempt.is_settled; });
    const SteadyTime now = loop_.clock().now();
    if (attempts.empty() || is_hopeless || now - last_success_ >= settings_.patience) break;
    if (last_success_ > round_start) pause = first_pause;
    co_await sleep_for(loop_, pause);
    pause = std::min(pause * 2, longest_pause);
    unanswered_ = 0;
  }
  for (Attempt& attempt : attempts) {
    settle(*attempt.change, std::unexpected(std::move(attempt.error)), false, loop_.clock().now());
  }
}

Task<void> Applier::apply_round(std::vector<Attempt>& attempts) {
  in_flight_.begin(loop_.clock().now());
  TaskGroup group(in_flight_.limit());
  for (Attempt& attempt : attempts) group.add(apply_one(attempt, group));
  co_await group.wait();
}

Task<void> Applier::apply_one(Attempt& attempt, TaskGroup& group) {
  if (is_server_silent()) {
    if (attempt.error.message.empty()) attempt.error = not_tried();
    co_return;
  }
  if (live_ == nullptr) {
    co_await apply_alone(attempt, group);
    co_return;
  }
  const LiveCluster::Writing writing = co_await live_->begin_writing(attempt.change->id);
  if (is_still_meant_ && !is_still_meant_(*attempt.change)) {
    attempt.is_settled = true;
    co_return;
  }
  if (is_reverted(*attempt.change)) {
    attempt.is_settled = true;
    settle(*attempt.change, *live_->find(attempt.change->id), false, loop_.clock().now());
    co_return;
  }
  co_await apply_alone(attempt, group);
}

// By another writer of ours, since it was planned.
bool Applier::is_reverted(const Change& change) const {
  if (change.action != Action::revert || !live_->shows(change.id.group_kind())) return false;
  const LiveObject* live = live_->find(change.id);
  const auto record = index_.find(change.id);
  return live != nullptr && record != index_.end() && is_as_written(*live, record->second) &&
         live->tool.empty() && record->second.desired == change.desired->hash;
}

Task<void> Applier::apply_alone(Attempt& attempt, TaskGroup& group) {
  const Change& change = *attempt.change;
  const SteadyTime began = loop_.clock().now();
  Result<Written> applied = co_await apply_once(change);
  if (!applied && change.may_recreate && is_immutability(applied.error())) {
    applied = co_await recreate(change, std::move(applied).error());
  }
  const SteadyTime now = loop_.clock().now();
  if (applied) in_flight_.completed(now);
  group.set_limit(in_flight_.limit());
  if (!applied && waits_for_something(applied.error())) {
    attempt.error = std::move(applied).error();
    co_return;
  }
  attempt.is_settled = true;
  if (!applied) {
    settle(change, std::unexpected(std::move(applied).error()), false, began);
    co_return;
  }
  last_success_ = now;
  settle_written(change, std::move(*applied), began);
}

void Applier::settle_written(const Change& change, Written written, SteadyTime began) {
  LiveObject& live = written.live;
  if (live.entry) {
    index_.insert_or_assign(change.id, AppliedRecord{.uid = live.uid,
                                                     .entry = *live.entry,
                                                     .desired = change.desired->hash,
                                                     .is_complete = live.is_complete,
                                                     .content = live.content});
  }
  // Others move the resourceVersion too; where most likely nothing is to be done, our entry tells.
  const bool is_other = change.action == Action::verify
                            ? live.entry != change.entry
                            : live.resource_version != change.resource_version;
  if (live_ != nullptr) live_->note(live);
  sink_({.change = &change,
         .live = std::move(live),
         .has_changed = is_other && !written.is_untouched,
         .fields = std::move(written.fields),
         .altered = std::move(written.altered),
         .duration = loop_.clock().now() - began});
}

// What people's tools have set becomes ours first, so that the apply removes what Git does not
// declare of it.
Task<Result<Applier::Written>> Applier::apply_once(const Change& change) {
  if (!change.tool.empty()) {
    CO_CHECK(co_await take_over_fields(cluster_, change));
    note_answer();
  }
  Result<Written> written = co_await write(change);
  const bool is_over = !written || written->live.tool.empty() || !change.tool.empty();
  if (is_over || !change.may_take_over) co_return written;
  // What had no managedFields has an entry of all that was there since this apply.
  CO_CHECK(co_await take_over_fields(cluster_, change));
  written = co_await write(change);
  co_return written;
}

Task<Result<Applier::Written>> Applier::write(const Change& change) {
  const bool is_new = change.uid.empty();
  if (!is_new && !change.desired->ignored.empty()) {
    Task<Result<Written>> applying = apply_around(change);
    Result<Written> written = co_await applying;
    co_return written;
  }
  Result<Applied> applied = co_await cluster_.apply(request_for(change));
  note_answer();
  if (!applied) co_return std::unexpected(std::move(applied).error());
  co_return Written{.live = std::move(applied->live),
                    .fields = std::move(applied->fields),
                    .altered = std::move(applied->altered)};
}

// Leaves the fields that spec.ignore names as they are in the cluster, and the object alone where
// nothing else differs (fluxcd/pkg ssa, Apply). What was looked at must still be what is there.
Task<Result<Applier::Written>> Applier::apply_around(const Change& change) {
  constexpr int rounds = 4;
  for (int round = 1;; ++round) {
    Result<std::optional<Value>> live = co_await cluster_.get(change.id, change.desired->version);
    note_answer();
    if (!live) co_return std::unexpected(std::move(live).error());
    ApplyRequest request = request_for(change);
    if (*live) {
      CO_TRY(request.body, body_around(*change.desired, **live));
      CO_TRY(const bool is_done, co_await is_settled(change, **live, request));
      if (is_done) {
        CO_TRY(LiveObject seen, read_live_object(**live, change.id.group_kind()));
        co_return Written{.live = std::move(seen), .is_untouched = true};
      }
      // The last time as it is: an object that is written all the time can't wait for ever.
      if (round < rounds)
        request.resource_version = (*live)->text_at("metadata", "resourceVersion");
    }
    const bool is_conditional = !request.resource_version.empty();
    Result<Applied> applied = co_await cluster_.apply(std::move(request));
    note_answer();
    if (applied) {
      co_return Written{.live = std::move(applied->live),
                        .fields = std::move(applied->fields),
                        .altered = std::move(applied->altered)};
    }
    const bool is_other = is_conditional && applied.error().kind == ErrorKind::conflict;
    if (!is_other) co_return std::unexpected(std::move(applied).error());
  }
}

// Asks the server what `request` would do to `live`: whether that is nothing but to fields that are
// ignored.
Task<Result<bool>> Applier::is_settled(const Change& change, const Value& live,
                                       ApplyRequest request) {
  if (!may_be_settled(change)) co_return false;
  request.dry_run = DryRun::yes;
  Result<Applied> merged = co_await cluster_.apply(std::move(request));
  note_answer();
  if (!merged) co_return std::unexpected(std::move(merged).error());
  const std::vector<JsonPointer>& ignored = change.desired->ignored;
  co_return !has_drifted_beyond(live, merged->object, ignored) &&
      owns_the_same_beyond(live, merged->object, ignored, field_manager);
}

// What is ours already. A second writer under our name is answered by writing.
bool Applier::may_be_settled(const Change& change) const {
  if (!change.entry || !change.entry->owns_part_of_label) return false;
  const auto record = index_.find(change.id);
  return record == index_.end() || record->second.entry == *change.entry ||
         record->second.entry.fields != change.entry->fields;
}

// Gone first, and then made: what its finalizers hold up is made by a later pass.
Task<Result<Applier::Written>> Applier::recreate(const Change& change, Error refusal) {
  if (change.uid.empty()) co_return std::unexpected(std::move(refusal));
  DeleteRequest request{.id = change.id,
                        .version = {},
                        .uid = change.uid,
                        .resource_version = {},
                        .user = change.user};
  const Result<Removed> removed = co_await cluster_.remove(std::move(request));
  note_answer();
  if (!removed) co_return std::unexpected(removed.error());
  if (*removed == Removed::waiting) {
    co_return fail(ErrorKind::unavailable, "is deleted to be made anew, and not gone yet");
  }
  Change fresh = change;
  fresh.uid.clear();
  Result<Written> applied = co_await apply_once(fresh);
  co_return applied;
}

Task<void> Applier::remove(const std::vector<Change>& removals,
                           std::function<bool(const Change&, const LiveObject&)> still_meant) {
  // One after the other: the order is the point, and what is deleted is little.
  for (const Change& change : removals) {
    if (is_server_silent()) {
      settle(change, std::unexpected(not_tried()), false, loop_.clock().now());
      continue;
    }
    co_await remove_one(change, still_meant);
  }
}

Task<void> Applier::remove_one(
    const Change& change,
    const std::function<bool(const Change&, const LiveObject&)>& still_meant) {
  if (live_ == nullptr) {
    co_await remove_alone(change, still_meant);
    co_return;
  }
  const LiveCluster::Writing writing = co_await live_->begin_writing(change.id);
  if (is_still_meant_ && !is_still_meant_(change)) co_return;
  co_await remove_alone(change, still_meant);
}

Task<void> Applier::remove_alone(
    const Change& change,
    const std::function<bool(const Change&, const LiveObject&)>& still_meant) {
  const SteadyTime began = loop_.clock().now();
  Result<Removed> removed = co_await part_with(change, change.resource_version);
  if (!removed && removed.error().kind == ErrorKind::conflict) {
    Result<LiveObject> live = co_await look_at(cluster_, change.id);
    if (!live) {
      const bool is_gone = live.error().kind == ErrorKind::cancelled;
      removed = is_gone ? Result<Removed>(Removed::gone) : std::unexpected(live.error());
    } else if (live->uid == change.uid && still_meant(change, *live)) {
      removed = co_await part_with(change, live->resource_version);
    }
  }
  if (!removed) {
    settle(change, std::unexpected(std::move(removed).error()), false, began);
    co_return;
  }
  index_.erase(change.id);
  LiveObject left;
  left.is_terminating = *removed == Removed::waiting;
  settle(change, std::move(left), true, began);
}

Task<Result<Removed>> Applier::part_with(const Change& change, std::string resource_version) {
  if (change.action == Action::let_go) {
    PatchRequest request{.id = change.id,
                         .version = {},
                         .body = let_go_patch(),
                         .uid = change.uid,
                         .resource_version = std::move(resource_version),
                         .user = change.user};
    const Result<LiveObject> patched = co_await cluster_.patch(std::move(request));
    note_answer();
    if (!patched) co_return std::unexpected(patched.error());
    co_return Removed::gone;
  }
  DeleteRequest request{.id = change.id,
                        .version = {},
                        .uid = change.uid,
                        .resource_version = std::move(resource_version),
                        .user = change.user};
  const Result<Removed> removed = co_await cluster_.remove(std::move(request));
  note_answer();
  co_return removed;
}

void Applier::note_answer() { unanswered_ = cluster_.is_answering() ? 0 : unanswered_ + 1; }

bool Applier::is_server_silent() const { return unanswered_ >= unanswered_max; }

void Applier::settle(const Change& change, Result<LiveObject> live, bool has_changed,
                     SteadyTime began) {
  sink_({.change = &change,
         .live = std::move(live),
         .has_changed = has_changed,
         .duration = loop_.clock().now() - began});
}

}  // namespace primocane

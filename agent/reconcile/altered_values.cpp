// SPDX-License-Identifier: Apache-2.0
#include "reconcile/altered_values.hpp"

#include "plan/as_written.hpp"
#include "reconcile/drift_batch.hpp"
#include "reconcile/set_terms.hpp"
#include "resource/resource_version.hpp"

#include <string>
#include <utility>

namespace primocane {

namespace {

// Whether something else than we and those who have entries has changed the object since `record`.
bool is_unexplained(const AppliedRecord& record, const LiveObject& live) {
  if (!record.content || record.content->generation == live.content.generation) return false;
  return record.is_altered || record.content->others == live.content.others;
}

// Of what others may change, a dry run does not tell whether they have.
bool is_comparable(const DesiredObject& desired) {
  return desired.apply_when == ApplyWhen::always && desired.ignored.empty();
}

ApplyRequest dry_run_of(const DesiredObject& desired, const LiveObject& live, std::string user) {
  return {.id = desired.id,
          .version = desired.version,
          .body = desired.body,
          .uid = live.uid,
          .resource_version = {},
          .dry_run = DryRun::yes,
          .user = std::move(user),
          .confidential = desired.confidential};
}

}  // namespace

AlteredValues::AlteredValues(EventLoop& loop, Cluster& cluster, const LiveCluster& live,
                             PassMemory& memory, Found found)
    : loop_(loop), cluster_(cluster), live_(live), memory_(memory), found_(std::move(found)) {}

void AlteredValues::changed(const ResourceId& id) {
  const auto known = memory_.index.find(id);
  const LiveObject* live = live_.find(id);
  if (known == memory_.index.end() || live == nullptr) return;
  if (outdated_.erase(id) > 0) want(id);
  AppliedRecord& record = known->second;
  if (record.content == live->content) return;
  const bool is_odd = is_unexplained(record, *live);
  record.content = live->content;
  const bool is_left_alone = live->is_excluded || live->is_terminating;
  if (is_odd && !is_left_alone && has_written_entry(*live, record)) want(id);
}

void AlteredValues::look_again() {
  for (const ResourceId& id : std::exchange(postponed_, {})) want(id);
}

void AlteredValues::want(const ResourceId& id) {
  wanted_.insert(id);
  if (!is_looking_ && timer_ == nullptr) {
    timer_ = loop_.after(Duration::zero(), [this] { run(); });
  }
}

void AlteredValues::run() {
  timer_.reset();
  is_looking_ = true;
  looking_ = Job::start(look(), [this] { is_looking_ = false; });
}

// One after the other: it is rare, and nobody waits for it. Where the server does not answer, or
// there is nothing to compare with, it waits for the next pass.
Task<void> AlteredValues::look() {
  while (!wanted_.empty()) {
    const ResourceId id = wanted_.extract(wanted_.begin()).value();
    const bool is_known = co_await look_at(id);
    if (!is_known) postponed_.insert(id);
  }
}

// False where nobody can tell at the moment.
Task<bool> AlteredValues::look_at(ResourceId id) {
  const LiveObject* seen = live_.find(id);
  if (seen == nullptr || !memory_.index.contains(id)) co_return true;
  // It is suspended, or not rendered now: there is nothing to compare with.
  const KustomizationState* state = applying_state(memory_, id);
  if (state == nullptr) co_return false;
  const DesiredObject& desired = *state->rendered->desired.find(id);
  if (!is_comparable(desired)) co_return true;
  const Fingerprint meant = desired.hash;
  ApplyRequest request = dry_run_of(desired, *seen, user_of(state->spec));
  const Result<Applied> merged = co_await cluster_.apply(std::move(request));
  // What can't be dry-run at all stays as it is.
  if (!merged) co_return merged.error().kind == ErrorKind::invalid;
  const auto record = memory_.index.find(id);
  const LiveObject* live = live_.find(id);
  const bool is_gone = record == memory_.index.end() || live == nullptr;
  if (is_gone || live_.is_being_written(id) || record->second.desired != meant) co_return true;
  // Made from a newer state than the one that is known here: of that the watch will tell.
  if (is_older_version(live->resource_version, merged->live.resource_version)) {
    outdated_.insert(id);
    co_return true;
  }
  const bool was_altered = record->second.is_altered;
  record->second.is_altered = merged->live.content.generation > live->content.generation;
  if (was_altered || record->second.is_altered) found_(id);
  co_return true;
}

}  // namespace primocane

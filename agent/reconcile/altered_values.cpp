// SPDX-License-Identifier: Apache-2.0
#include "reconcile/altered_values.hpp"

#include "plan/as_written.hpp"
#include "reconcile/drift_batch.hpp"
#include "reconcile/set_terms.hpp"

#include <optional>
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

// Nothing where there is nothing to compare with any more, or not while it is suspended.
std::optional<ApplyRequest> dry_run_of(const PassMemory& memory, const LiveCluster& live,
                                       const ResourceId& id) {
  const LiveObject* object = live.find(id);
  const KustomizationState* state = applying_state(memory, id);
  if (object == nullptr || state == nullptr) return std::nullopt;
  const DesiredObject& desired = *state->rendered->desired.find(id);
  return ApplyRequest{.id = id,
                      .version = desired.version,
                      .body = desired.body,
                      .uid = object->uid,
                      .resource_version = {},
                      .dry_run = DryRun::yes,
                      .user = user_of(state->spec),
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
  AppliedRecord& record = known->second;
  if (record.content == live->content) return;
  if (!is_unexplained(record, *live)) {
    record.content = live->content;
    return;
  }
  // Nothing to compare with until there is a rendering, and it is to be applied, again.
  const DesiredObject* desired = applied_object(memory_, id);
  if (desired == nullptr) return;
  const ContentMark before = *std::exchange(record.content, live->content);
  record.is_altered = false;
  if (!is_as_written(*live, record) || live->is_excluded || !is_comparable(*desired)) return;
  unexplained_.insert_or_assign(id, before);
  if (!is_looking_ && timer_ == nullptr) {
    timer_ = loop_.after(Duration::zero(), [this] { run(); });
  }
}

void AlteredValues::run() {
  timer_.reset();
  is_looking_ = true;
  looking_ = Job::start(look(), [this] { is_looking_ = false; });
}

// One after the other: it is rare, and nobody waits for it.
Task<void> AlteredValues::look() {
  while (!unexplained_.empty()) {
    const auto next = unexplained_.extract(unexplained_.begin());
    co_await look_at(next.key(), next.mapped());
  }
}

Task<void> AlteredValues::look_at(ResourceId id, ContentMark before) {
  std::optional<ApplyRequest> request = dry_run_of(memory_, live_, id);
  Result<Applied> merged = fail(ErrorKind::unavailable, "is not to be applied now");
  if (request) merged = co_await cluster_.apply(std::move(*request));
  const auto record = memory_.index.find(id);
  const LiveObject* live = live_.find(id);
  if (record == memory_.index.end() || live == nullptr) co_return;
  if (!merged) {
    // Looked at again after the next pass. What can't be dry-run stays as it is.
    if (merged.error().kind == ErrorKind::unavailable) record->second.content = before;
    co_return;
  }
  if (merged->live.content.generation <= live->content.generation) co_return;
  record->second.is_altered = true;
  found_(id);
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "support/fake_watches.hpp"

#include "support/label_selector.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace primocane {

namespace {

Value metadata_of(const Value& object) { return Object{{"metadata", *object.find("metadata")}}; }

Value shown(const Value& object, WatchDepth depth) {
  return depth == WatchDepth::whole ? object : metadata_of(object);
}

std::uint64_t number_of(const std::string& version) {
  std::uint64_t number = 0;
  std::from_chars(version.data(), version.data() + version.size(), number);
  return number;
}

}  // namespace

// One watch that is being told. What is told waits in the loop; what it was told last may be told
// to somebody who is gone.
class FakeWatches::Open {
 public:
  Open(FakeWatches& watches, WatchQuery query, ClusterWatch::Take take)
      : watches_(watches), query_(std::move(query)), take_(std::move(take)) {
    watches_.open_.push_back(this);
  }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  ~Open() { watches_.open_.remove(this); }

  [[nodiscard]] const GroupKind& kind() const { return query_.group_kind; }
  [[nodiscard]] Completion<Result<WatchEnd>>& outcome() { return outcome_; }

  void tell(WatchEvent event) {
    watches_.loop_.post([this, alive = std::weak_ptr(alive_), event = std::move(event)]() mutable {
      if (alive.expired() || is_over_) return;
      Result<void> taken = take_(std::move(event));
      if (!taken) finish(std::unexpected(std::move(taken).error()));
    });
  }

  void tell(const Change& change) {
    if (change.id.group_kind() != query_.group_kind) return;
    const bool is_elsewhere =
        !query_.namespace_name.empty() && change.id.namespace_name != query_.namespace_name;
    const bool is_another = !query_.name.empty() && change.id.name != query_.name;
    if (is_elsewhere || is_another) return;
    const bool is_selected =
        !change.after.is_null() && matches_selector(change.after, query_.label_selector);
    const bool was_selected =
        !change.before.is_null() && matches_selector(change.before, query_.label_selector);
    if (!is_selected && !was_selected) return;
    tell({.kind = is_selected ? WatchEvent::Kind::present : WatchEvent::Kind::gone,
          .object = shown(is_selected ? change.after : change.before, query_.depth),
          .resource_version = std::to_string(change.version)});
  }

  // In a turn of its own: whoever waits may do anything.
  void finish(Result<WatchEnd> end) {
    if (std::exchange(is_over_, true)) return;
    watches_.loop_.post([this, alive = std::weak_ptr(alive_), end = std::move(end)]() mutable {
      if (!alive.expired()) outcome_.complete(std::move(end));
    });
  }

 private:
  FakeWatches& watches_;
  WatchQuery query_;
  ClusterWatch::Take take_;
  Completion<Result<WatchEnd>> outcome_;
  bool is_over_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

void FakeWatches::note(const ResourceId& id, std::uint64_t version, Value before, Value after) {
  last_ = version;
  changes_.push_back(
      {.id = id, .version = version, .before = std::move(before), .after = std::move(after)});
  for (Open* open : open_) open->tell(changes_.back());
}

Task<Result<WatchEnd>> FakeWatches::watch(WatchQuery query, ClusterWatch::Take take,
                                          std::vector<Value> present, std::uint64_t version) {
  const std::string selector = query.label_selector;
  const std::string since = query.resource_version;
  const WatchDepth depth = query.depth;
  if (!since.empty() && number_of(since) < compacted_) co_return WatchEnd::expired;
  Open open(*this, std::move(query), std::move(take));
  if (since.empty()) {
    for (const Value& object : present) {
      if (!matches_selector(object, selector)) continue;
      WatchEvent event{
          .kind = WatchEvent::Kind::present,
          .object = shown(object, depth),
          .resource_version = std::string(object.text_at("metadata", "resourceVersion"))};
      open.tell(std::move(event));
    }
    WatchEvent complete{.kind = WatchEvent::Kind::complete,
                        .resource_version = std::to_string(version)};
    open.tell(std::move(complete));
  } else {
    WatchEvent begun{.kind = WatchEvent::Kind::begun};
    open.tell(std::move(begun));
    for (const Change& change : changes_) {
      if (change.version > number_of(since)) open.tell(change);
    }
  }
  Completion<Result<WatchEnd>>& outcome = open.outcome();
  Result<WatchEnd> end = co_await outcome;
  co_return end;
}

void FakeWatches::cut() {
  for (Open* open : open_) open->finish(fail(ErrorKind::unavailable, "the connection broke"));
}

void FakeWatches::end(const GroupKind& kind) {
  for (Open* open : open_) {
    if (open->kind() == kind) open->finish(WatchEnd::not_served);
  }
}

void FakeWatches::compact() {
  changes_.clear();
  compacted_ = last_ + 1;
}

bool FakeWatches::is_watched(const GroupKind& kind) const {
  for (const Open* open : open_) {
    if (open->kind() == kind) return true;
  }
  return false;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "reconcile/kind_watch.hpp"

#include "resource/resource_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace primocane {

namespace {

// An API server that is back is watched again within some seconds.
constexpr Duration first_watch_pause = std::chrono::milliseconds(100);
constexpr Duration longest_watch_pause = std::chrono::seconds(2);
// What only a person or a new kind changes.
constexpr Duration longest_slow_pause = std::chrono::minutes(1);

// A server from a backup knows nothing of the version that we were at, and says so in words that
// differ by release.
constexpr std::uint32_t resumptions_max = 3;

constexpr std::uint32_t doublings_max = 16;

// What ends sooner is no watch: the next try waits longer.
constexpr Duration healthy_life = std::chrono::seconds(10);

}  // namespace

std::chrono::seconds spread_lifetime(std::string_view what) {
  constexpr std::size_t spread_seconds = 60;
  const std::size_t offset = std::hash<std::string_view>()(what) % spread_seconds;
  return std::chrono::seconds(600 + offset);
}

KindWatch::KindWatch(ClusterWatch& cluster, EventLoop& loop, WatchQuery query,
                     WatchListener& listener)
    : cluster_(cluster), loop_(loop), query_(std::move(query)), listener_(listener) {
  running_ = Job::start(run(), [] {});
}

void KindWatch::poke() {
  if (waiting_ == nullptr) return;
  timer_ = loop_.after(Duration::zero(), [this] {
    if (waiting_ != nullptr) std::exchange(waiting_, nullptr)->complete(true);
  });
}

Task<void> KindWatch::run() {
  for (;;) {
    prepare();
    WatchQuery query = query_;
    query.resource_version = version_;
    ClusterWatch::Take take = [this](const WatchEvent& event) { return this->take(event); };
    Result<WatchEnd> end = co_await cluster_.watch(std::move(query), std::move(take));
    const Duration wait = note_end(end);
    if (wait == Duration::zero()) continue;
    Completion<bool> woken;
    waiting_ = &woken;
    timer_ = loop_.after(wait, [this] {
      if (waiting_ != nullptr) std::exchange(waiting_, nullptr)->complete(true);
    });
    co_await woken;
  }
}

void KindWatch::prepare() {
  has_begun_ = false;
  if (!version_.empty()) return;
  listener_.begin_anew(is_same_server_);
}

Result<void> KindWatch::take(const WatchEvent& event) {
  switch (event.kind) {
    case WatchEvent::Kind::begun:
      has_begun_ = true;
      set_live();
      return {};
    case WatchEvent::Kind::bookmark:
      version_ = event.resource_version;
      return {};
    case WatchEvent::Kind::complete:
      // A server whose store was restored from a backup.
      if (is_same_server_ && is_older_version(event.resource_version, last_version_)) {
        is_same_server_ = false;
        last_version_.clear();
        return fail(ErrorKind::unavailable, "the server has gone back to an older state");
      }
      has_begun_ = true;
      version_ = event.resource_version;
      is_same_server_ = true;
      completed_at_ = loop_.clock().now();
      TRY(listener_.take(event));
      set_live();
      return {};
    case WatchEvent::Kind::present:
    case WatchEvent::Kind::gone:
      TRY(listener_.take(event));
      // What was there at the beginning is told in no order.
      if (!version_.empty()) version_ = event.resource_version;
      return {};
  }
  return {};
}

// How long to wait before the next try.
Duration KindWatch::note_end(const Result<WatchEnd>& end) {
  const SteadyTime now = loop_.clock().now();
  if (is_live_ && now - live_since_ >= healthy_life) failures_ = 0;
  // One that is cut again and again has to begin anew as well.
  if (now - completed_at_ >= query_.lifetime) version_.clear();
  if (!end) {
    const ErrorKind kind = end.error().kind;
    const bool is_cut = kind == ErrorKind::unavailable || kind == ErrorKind::conflict;
    set_failed(end.error());
    if (failures_ >= resumptions_max) {
      version_.clear();
      is_same_server_ = false;
    }
    return pause(is_cut ? Pace::quick : Pace::slow);
  }
  switch (*end) {
    case WatchEnd::over:
      if (!has_begun_) {
        set_failed(
            {ErrorKind::unavailable, fmt::format("watch {}: the server ended it before it began",
                                                 to_string(query_.group_kind))});
        return pause(Pace::quick);
      }
      last_version_ = version_;
      // From the beginning, so that nothing that a watch could lose is lost for long. A server that
      // ends it at once is not asked all the time.
      version_.clear();
      return pause(Pace::quick);
    case WatchEnd::expired:
      version_.clear();
      is_same_server_ = false;
      return pause(Pace::quick);
    case WatchEnd::unwatchable:
      version_.clear();
      set_failed(
          {ErrorKind::denied, fmt::format("{} can't be watched", to_string(query_.group_kind))});
      return pause(Pace::slow);
    case WatchEnd::not_served:
      version_.clear();
      is_same_server_ = false;
      set_failed(
          {ErrorKind::unavailable, fmt::format("{} is not served", to_string(query_.group_kind))});
      return pause(Pace::slow);
  }
  return pause(Pace::slow);
}

// The first after a success is short: what ended may just have been restarted.
Duration KindWatch::pause(Pace pace) {
  const Duration longest = pace == Pace::quick ? longest_watch_pause : longest_slow_pause;
  const std::uint32_t doublings = std::min(failures_++, doublings_max);
  return std::min<Duration>(first_watch_pause * (1U << doublings), longest);
}

void KindWatch::set_live() {
  if (is_live_) return;
  is_live_ = true;
  live_since_ = loop_.clock().now();
  failure_.reset();
  listener_.state_changed();
}

void KindWatch::set_failed(Error error) {
  const bool is_news = is_live_ || !failure_ || *failure_ != error;
  is_live_ = false;
  failure_ = std::move(error);
  if (is_news) listener_.state_changed();
}

}  // namespace primocane

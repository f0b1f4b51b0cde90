// SPDX-License-Identifier: Apache-2.0
// KindWatch: keeps one kind watched for as long as it lives: begins, goes on after a cut where it
// was, begins anew when the server has forgotten that, and from time to time for its own sake.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/cluster_watch.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// Who listens to a KindWatch. Called on the loop, from within libcurl: it must return at once and
/// start nothing.
class WatchListener {
 public:
  virtual ~WatchListener() = default;
  /// What is there is told from the beginning. `is_same_server`: it goes on from what it told
  /// before.
  virtual void begin_anew(bool is_same_server) = 0;
  /// Of the kinds present, gone and complete. An error ends the watch, which is tried again later.
  virtual Result<void> take(const WatchEvent& event) = 0;
  /// KindWatch::is_live() or its failure has changed.
  virtual void state_changed() = 0;
};

/// How long a watch of `what` lasts before it begins anew: the server's lists are its cache's work,
/// but not all of them at the same moment.
[[nodiscard]] std::chrono::seconds spread_lifetime(std::string_view what);

/// One kind that is watched. Lives on the loop's thread.
class KindWatch {
 public:
  /// All borrowed; `query` without a resource_version.
  KindWatch(ClusterWatch& cluster, EventLoop& loop, WatchQuery query, WatchListener& listener);
  KindWatch(const KindWatch&) = delete;
  KindWatch& operator=(const KindWatch&) = delete;
  ~KindWatch() = default;

  /// Whether what was told is what is there, but for what is on its way.
  [[nodiscard]] bool is_live() const { return is_live_; }
  /// Why it is not, if that is known.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  /// Tries again at once where it waits.
  void poke();

 private:
  enum class Pace : std::uint8_t { quick, slow };

  Task<void> run();
  Result<void> take(const WatchEvent& event);
  void prepare();
  [[nodiscard]] Duration note_end(const Result<WatchEnd>& end);
  [[nodiscard]] Duration pause(Pace pace);
  void set_live();
  void set_failed(Error error);

  ClusterWatch& cluster_;
  EventLoop& loop_;
  WatchQuery query_;
  WatchListener& listener_;
  std::string version_;       // where to go on; "" to begin anew
  std::string last_version_;  // up to which the server had told when it ended a watch
  bool has_begun_ = false;    // the present watch has told that it watches
  bool is_live_ = false;
  SteadyTime live_since_{};
  SteadyTime completed_at_{};  // when all that was there had been told
  bool is_same_server_ = true;
  std::optional<Error> failure_;
  std::uint32_t failures_ = 0;  // in a row
  Completion<bool>* waiting_ = nullptr;
  std::unique_ptr<Registration> timer_;
  Job running_;
};

}  // namespace primocane

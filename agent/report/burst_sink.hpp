// SPDX-License-Identifier: Apache-2.0
// BurstSink: between what is told and where it goes. Ten thousand events of one kind within seconds
// help nobody, and a journal drops what comes too fast without saying what it was; so the first
// ones are passed on and the rest is summed up.
#pragma once

#include "base/event_loop.hpp"
#include "report/event.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace primocane {

/// What counts as a burst.
struct BurstSettings {
  std::uint64_t told_max = 500;                ///< events of one kind that a window passes on
  Duration window = std::chrono::seconds(30);  ///< from the first event of that kind
};

/// Passes on at most `told_max` events of each kind in a window. When the window ends it tells one
/// more event of that kind, as severe as the worst that was held back: how many there were, by
/// their action. Those below `lowest` are not counted: nobody asked for them.
class BurstSink final : public EventSink {
 public:
  /// `loop` is borrowed and outlives it.
  BurstSink(EventLoop& loop, std::unique_ptr<EventSink> sink, Severity lowest,
            BurstSettings settings = {});
  BurstSink(const BurstSink&) = delete;
  BurstSink& operator=(const BurstSink&) = delete;
  /// Tells what is still held back.
  ~BurstSink() override;

  void emit(const Event& event) override;

 private:
  struct Window {
    std::uint64_t told = 0;
    std::uint64_t held_back = 0;
    Severity worst = Severity::debug;
    std::string kustomization;
    std::map<std::string, std::uint64_t> actions;  // of those held back
    std::unique_ptr<Registration> end;
  };

  void sum_up(EventKind kind, const Window& window);

  EventLoop& loop_;
  std::unique_ptr<EventSink> sink_;
  Severity lowest_;
  BurstSettings settings_;
  std::map<EventKind, Window> windows_;
};

}  // namespace primocane

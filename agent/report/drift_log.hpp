// SPDX-License-Identifier: Apache-2.0
// DriftLog: what others did lately, in memory. The journal has all of it; this is for whoever asks
// the agent.
#pragma once

#include "base/clock.hpp"
#include "report/drift_record.hpp"
#include "report/event.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace primocane {

/// Lives on the loop's thread. Keeps the newest 500 records, and fewer where they hold much text:
/// 192 KiB of it at most.
class DriftLog {
 public:
  /// Nothing is known of what was before `begun`.
  explicit DriftLog(WallTime begun) : from_(begun) {}

  /// Takes what is_drift(); all else is passed by.
  void note(const Event& event, WallTime now);

  /// Since when nothing is missing.
  [[nodiscard]] WallTime from() const { return from_; }

  /// What there is of what was asked for.
  struct Excerpt {
    std::vector<DriftRecord> records;  ///< the newest last
    WallTime from{};                   ///< since when nothing is missing
    bool is_cut = false;               ///< older ones were asked for, which may exist
  };

  /// All that is known, or what was told at `since` or later.
  [[nodiscard]] Excerpt since(std::optional<WallTime> since) const;

  /// Of one object, as events name it.
  [[nodiscard]] std::vector<DriftRecord> about(std::string_view object) const;

 private:
  void drop_oldest();

  std::deque<DriftRecord> records_;
  std::size_t text_ = 0;  // bytes in them
  WallTime from_;
  bool has_dropped_ = false;
};

/// Notes what passes and hands it on: stands before what sums up bursts, so that it sees each.
class DriftSink final : public EventSink {
 public:
  /// `log` and `clock` are borrowed.
  DriftSink(DriftLog& log, const Clock& clock, std::unique_ptr<EventSink> sink);

  void emit(const Event& event) override;

 private:
  DriftLog& log_;
  const Clock& clock_;
  std::unique_ptr<EventSink> sink_;
};

}  // namespace primocane

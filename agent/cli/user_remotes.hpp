// SPDX-License-Identifier: Apache-2.0
// What a person's own renderings get from elsewhere: kept in the user's cache, with the user's SSH,
// and warnings for the terminal.
#pragma once

#include "base/event_loop.hpp"
#include "cli/commands.hpp"
#include "cli/config.hpp"
#include "cli/ports.hpp"
#include "report/event.hpp"

#include <string>

namespace primocane {

/// Writes what is told as lines of warnings for standard error.
class WarningLines final : public EventSink {
 public:
  /// `lines` is borrowed.
  explicit WarningLines(std::string& lines) : lines_(lines) {}
  void emit(const Event& event) override;

 private:
  std::string& lines_;
};

/// A configuration for somebody who has none.
[[nodiscard]] Config user_config(const Environment& environment);

/// None of it where the user has no cache. `loop`, `children` and `events` outlive it.
[[nodiscard]] RemoteParts make_user_remotes(EventLoop& loop, ChildProcesses& children,
                                            EventSink& events, const Config& config,
                                            const Environment& environment);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// StatusSnapshot: the agent's status as a file, for when nobody answers on the control socket.
#pragma once

#include "base/error.hpp"
#include "report/status.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// Writes a status when it tells more than the last one did. When the last pass ended, and when
/// Git answered last, is no news: a pass without news writes nothing.
class StatusSnapshot {
 public:
  /// Replaces the file by these bytes.
  using Write = std::function<Result<void>(std::string_view bytes)>;

  explicit StatusSnapshot(Write write) : write_(std::move(write)) {}

  /// The errors of the write; it is tried again with the next status.
  Result<void> update(const Status& status);

 private:
  Write write_;
  std::optional<Status> written_;  // without the times that are no news
};

}  // namespace primocane

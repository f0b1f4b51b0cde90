// SPDX-License-Identifier: Apache-2.0
// StateStore: small named states that survive a restart. They are caches of what Git and the
// cluster say; losing one costs work, never correctness.
#pragma once

#include "base/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

class StateStore {
 public:
  virtual ~StateStore() = default;

  /// The bytes last saved under `name`, or nothing. Names are plain file names ("index").
  [[nodiscard]] virtual Result<std::optional<std::string>> load(std::string_view name) = 0;

  /// Replaces them: after a crash either the old or the new bytes are there, whole.
  /// `unavailable` when they can't be written (disk full, read-only); the old ones stay.
  [[nodiscard]] virtual Result<void> save(std::string_view name, std::string_view bytes) = 0;
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// What a person asks about pauses of Kustomizations, and what is answered.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "resource/pause.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace primocane {

enum class PauseVerb : std::uint8_t { suspend, resume };

struct PauseRequest {
  PauseVerb verb = PauseVerb::suspend;
  /// NAME or NAMESPACE/NAME; "" for the root, whose pause is everybody's.
  std::string kustomization{};
  std::optional<std::chrono::seconds> duration{};  ///< none: until a person ends it

  bool operator==(const PauseRequest&) const = default;
};

/// How the Kustomization stands now.
struct PauseAnswer {
  KustomizationName name;
  bool is_root = false;
  bool was_paused = false;          ///< before
  std::optional<Pause> pause{};     ///< its own
  bool is_paused_with_all = false;  ///< by a pause of the root, which it is not itself
  bool is_suspended_in_git = false;

  bool operator==(const PauseAnswer&) const = default;
};

struct AnsweredPause {
  PauseRequest request;
  Result<PauseAnswer> answer;
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Fights: objects that somebody else changes again and again, while they are reverted again and
// again. The pauses between get longer, so that neither the server nor the journal drowns, and a
// person is told whom to stop.
#pragma once

#include "base/clock.hpp"
#include "resource/resource_id.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// Who changed an object, as far as that is known.
struct Opponent {
  std::string manager;              ///< its field manager, or ""
  std::vector<std::string> fields;  ///< as field_paths has them

  bool operator==(const Opponent&) const = default;
};

class Fights {
 public:
  /// `id` was reverted at `now`. More than five times in a minute are a fight: from then on the
  /// object rests, for 2 s first and twice as long each time, 5 minutes at most.
  void note(const ResourceId& id, SteadyTime now, Opponent opponent);

  /// The objects that rest at `now`. Forgets those that nobody fights for any more: ten minutes
  /// after their rest.
  [[nodiscard]] std::set<ResourceId> resting(SteadyTime now);
  /// Until when `id` rests, if it does.
  [[nodiscard]] std::optional<SteadyTime> rest_end(const ResourceId& id, SteadyTime now) const;
  /// Against whom, if there is a fight for `id`.
  [[nodiscard]] const Opponent* opponent(const ResourceId& id) const;
  /// What is fought for, and against whom.
  [[nodiscard]] std::map<ResourceId, Opponent> all() const;

 private:
  struct Fight {
    std::deque<SteadyTime> reverts;  // of the last minute
    bool is_begun = false;
    SteadyTime rest_end{};
    Duration next_rest{};
    Opponent opponent;
  };

  std::map<ResourceId, Fight> fights_;
};

/// "kubectl-edit changes it again and again (.spec.replicas): ...", and what to do about it.
[[nodiscard]] std::string describe_fight(const Opponent& opponent);

}  // namespace primocane

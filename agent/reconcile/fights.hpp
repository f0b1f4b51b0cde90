// SPDX-License-Identifier: Apache-2.0
// Fights: objects of which a person's tool sets fields again and again, while these are taken over
// again and again. The pauses between get longer, so that a job that runs kubectl each minute does
// not cost three requests each minute for ever.
#pragma once

#include "base/clock.hpp"
#include "resource/resource_id.hpp"

#include <map>
#include <set>

namespace primocane {

class Fights {
 public:
  /// Fields of `id` were taken over at `now`. The second time in an hour begins a fight: from then
  /// on they rest, for a minute first and twice as long each time, an hour at most.
  void note(const ResourceId& id, SteadyTime now);

  /// The objects that rest at `now`. Forgets those that nobody fights for any more: an hour after
  /// their rest.
  [[nodiscard]] std::set<ResourceId> resting(SteadyTime now);

 private:
  struct Fight {
    SteadyTime rest_end{};
    Duration next_rest{};
  };

  std::map<ResourceId, Fight> fights_;
};

}  // namespace primocane

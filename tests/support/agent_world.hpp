// SPDX-License-Identifier: Apache-2.0
// AgentWorld: an agent that runs in a world of fakes and watches the cluster.
#pragma once

#include "reconcile/agent.hpp"
#include "reconcile/live_cluster.hpp"
#include "support/pass_world.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

class AgentWorld {
 public:
  /// Follows `manifests`, with an hour between passes: what is put right meanwhile was noticed.
  explicit AgentWorld(std::string_view manifests);

  /// Ends the agent and starts another one, as a restart of the service does.
  void restart();
  /// Lets time pass: half a second is enough for what is done at once.
  void wait(Duration duration = std::chrono::milliseconds(500));
  /// The requests since the last call, but for watches and reads.
  [[nodiscard]] std::vector<std::string> writes();
  /// The value of data.`key` of a ConfigMap of default, "" without it.
  [[nodiscard]] std::string data(std::string_view name, std::string_view key = "k") const;
  void edit(std::string_view name, std::string_view patch,
            std::string_view manager = "kubectl-edit");

  PassWorld world;
  std::unique_ptr<LiveCluster> live;
  std::unique_ptr<InputWatch> inputs;
  std::unique_ptr<Agent> agent;
};

}  // namespace primocane

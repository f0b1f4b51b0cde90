// SPDX-License-Identifier: Apache-2.0
#include "support/agent_world.hpp"

#include "support/yaml.hpp"

#include <utility>

namespace primocane {

AgentWorld::AgentWorld(std::string_view manifests) {
  world.commit('1', manifests);
  restart();
}

void AgentWorld::restart() {
  agent.reset();
  live = std::make_unique<LiveCluster>(world.cluster, world.loop);
  inputs = std::make_unique<InputWatch>(world.cluster, world.loop);
  agent = std::make_unique<Agent>(
      PassParts{.loop = world.loop,
                .repository = world.repository,
                .renderer = world.renderer,
                .cluster = world.cluster,
                .sources = world.sources,
                .store = world.store,
                .events = world.events,
                .keys = &world.keys,
                .live = live.get(),
                .inputs = inputs.get()},
      AgentSettings{.pass = world.settings,
                    .schedule = {.interval = std::chrono::hours(1)},
                    .version = "1.2.3",
                    .remote = "https://git.example.org/x"},
      [] { return 0.5; }, [](const Status&) {});
  agent->start();
  wait(std::chrono::seconds(2));
  world.cluster.forget_requests();
  world.events.clear();
}

void AgentWorld::wait(Duration duration) { world.loop.run_for(duration); }

std::vector<std::string> AgentWorld::writes() {
  std::vector<std::string> writes;
  for (const std::string& request : world.cluster.requests()) {
    const bool is_write = request.starts_with("apply ") || request.starts_with("patch ") ||
                          request.starts_with("delete ");
    if (is_write) writes.push_back(request);
  }
  world.cluster.forget_requests();
  return writes;
}

std::string AgentWorld::data(std::string_view name, std::string_view key) const {
  const Value* object = world.cluster.find(default_map(name));
  return object == nullptr ? std::string() : std::string(object->text_at("data", key));
}

void AgentWorld::edit(std::string_view name, std::string_view patch, std::string_view manager) {
  world.cluster.edit(default_map(name), manager, yaml_value(patch));
}

}  // namespace primocane

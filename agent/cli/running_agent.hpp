// SPDX-License-Identifier: Apache-2.0
// RunningAgent: the agent with a configuration: builds the parts, joins them, and reconciles until
// it is told to end or its configuration changes.
#pragma once

#include "base/error.hpp"
#include "cli/agent_life.hpp"
#include "cli/config.hpp"
#include "cli/control_service.hpp"
#include "cli/ports.hpp"
#include "host/children.hpp"
#include "host/file_state_store.hpp"
#include "host/memory_pressure.hpp"
#include "node/finding.hpp"
#include "reconcile/agent.hpp"
#include "reconcile/renderer.hpp"
#include "reconcile/sources.hpp"
#include "report/drift_log.hpp"
#include "report/event.hpp"

#include <memory>
#include <string>
#include <vector>

namespace primocane {

class RunningAgent {
 public:
  RunningAgent(const GlobalOptions& options, const Environment& environment, ConfigFile file);

  /// What children are started by; comes first. `denied` where they can't be boxed, `unavailable`
  /// for what may pass.
  Result<void> prepare_box();

  /// Builds the rest; nothing runs yet. `conflict` where another agent holds the state or the
  /// control socket, `unavailable` and `denied` for what may pass.
  Result<void> prepare();

  LifeEnd run();

 private:
  [[nodiscard]] ChildrenOptions limited_children();
  void reload();
  void tell_start();
  void tell(const Status& status);
  void tell_unfit(const std::string& message, Level level);
  [[nodiscard]] std::vector<Finding> find_unfit() const;
  [[nodiscard]] bool is_alive() const;
  void watch_memory(Duration pause);

  AgentLife life_;
  ConfigFile file_;
  std::vector<std::string> lasting_notices_;  // that hold as long as this configuration does
  std::vector<Finding> unfit_;                // what is wrong with the node at the moment
  Status status_;                             // the agent's, with the notices of the moment
  BoxStrength box_ = BoxStrength::none;
  std::unique_ptr<DriftLog> drift_;
  std::unique_ptr<EventSink> events_;
  std::unique_ptr<FileStateStore> store_;
  std::unique_ptr<Children> children_;
  std::unique_ptr<Repository> repository_;
  std::unique_ptr<SourceOpener> source_opener_;
  std::unique_ptr<Sources> sources_;
  std::unique_ptr<ChartFinder> charts_;
  RemoteParts remotes_;
  std::unique_ptr<BoxedRenderer> renderer_;
  std::unique_ptr<ApiServer> cluster_;
  std::unique_ptr<LiveCluster> live_;
  std::unique_ptr<InputWatch> inputs_;
  std::unique_ptr<ServerNodes> servers_;
  std::unique_ptr<Turn> turn_;
  DecryptionKeys keys_;
  std::unique_ptr<Agent> agent_;
  MemoryPressure memory_pressure_ = MemoryPressure::of_this_process();
  std::unique_ptr<Registration> memory_timer_;
  std::unique_ptr<ControlService> control_;
  std::unique_ptr<VarlinkServer> server_;  // last, so that its calls end before what they wait for
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The pass: from Git to the cluster, once. Every step is a Task; between the steps pure functions
// decide. What must survive from one pass to the next is in PassMemory.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "document/limits.hpp"
#include "plan/applied_index.hpp"
#include "plan/plan.hpp"
#include "plan/prune.hpp"
#include "reconcile/apply.hpp"
#include "reconcile/awaited_news.hpp"
#include "reconcile/chart_finder.hpp"
#include "reconcile/decryption_keys.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/input_watch.hpp"
#include "reconcile/live_cluster.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/pause_request.hpp"
#include "reconcile/renderer.hpp"
#include "reconcile/sources.hpp"
#include "reconcile/turn.hpp"
#include "report/event.hpp"
#include "report/helm_release_status.hpp"
#include "report/kustomization_status.hpp"
#include "report/state_store.hpp"
#include "report/status.hpp"
#include "source/repository.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

/// What is configured about passes.
struct PassSettings {
  /// Of the set of the configured path, unless the folder itself says another one.
  KustomizationName name{"primocane-system", "root"};
  RelativePath path;                ///< in the repository
  ConfiguredRepository repository;  ///< as Git may name it
  PruneSettings prune;
  DocumentLimits limits;
  std::uint64_t objects_max = 20'000;
  ApplySettings apply;
};

/// What is asked of one pass besides.
struct PassRequest {
  Rewrite rewrite = Rewrite::refuse;
  std::string confirm_prune;  ///< hash of a list of deletions, or ""
  std::vector<PauseRequest> pauses{};
  bool is_asked_for = false;  ///< by a person: what was given up is tried again
  /// With `news` Git, which answered a moment ago, is not asked either.
  HealthLook look = HealthLook::due;
};

/// The parts that a pass works with, all borrowed.
struct PassParts {
  EventLoop& loop;
  Repository& repository;
  Renderer& renderer;
  Cluster& cluster;
  Sources& sources;
  StateStore& store;
  EventSink& events;
  DecryptionKeys* keys = nullptr;  ///< null: the configuration has none
  ChartFinder* charts = nullptr;   ///< null where HelmReleases are not served
  LiveCluster* live = nullptr;     ///< null where nothing is watched
  InputWatch* inputs = nullptr;    ///< null where what goes into renderings is not watched
  Turn* turn = nullptr;            ///< null where no other node acts; needs `live`
};

/// What a pass found and did.
struct PassReport {
  std::optional<Revision> fetched;  ///< newest on disk
  std::optional<Revision> applied;  ///< in force after the pass
  bool source_answered = false;
  bool has_compared = false;  ///< came as far as a plan; else `counts` says nothing
  StatusCounts counts;
  std::uint64_t changes = 0;   ///< writes that changed something
  std::uint64_t reverted = 0;  ///< of them, what somebody else had changed
  std::vector<Problem> problems;
  std::optional<ErrorKind> worst;  ///< what the schedule should do next; none: all is well
  bool is_waiting = false;         ///< something is on its way or being deleted: look again soon
  /// When something wants to be looked at even if nothing is wrong.
  std::optional<SteadyTime> next_due;
  std::vector<KustomizationStatus> kustomizations;  ///< those of the graph, the root first
  std::vector<HelmReleaseStatus> helm_releases;     ///< that they contain
  std::string confirm_prune;            ///< hash that confirms what waits for confirmation, or ""
  std::vector<AnsweredPause> pauses{};  ///< what PassRequest::pauses came to
  Duration duration{};
};

/// Runs one pass. Failures are in the report and have been told as events.
Task<PassReport> run_pass(PassParts parts, const PassSettings& settings, PassMemory& memory,
                          PassRequest request);

}  // namespace primocane

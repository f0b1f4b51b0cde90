// SPDX-License-Identifier: Apache-2.0
// Status: the state of the agent as values, and as JSON and text for people.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "document/value.hpp"
#include "report/helm_release_status.hpp"
#include "report/kustomization_status.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What the last pass counted.
struct StatusCounts {
  std::uint64_t desired = 0;  ///< objects in Git
  std::uint64_t applied = 0;  ///< of them, as Git says
  std::uint64_t failed = 0;   ///< refused or not possible
  std::uint64_t kept = 0;     ///< left Git but kept
  std::uint64_t drifted = 0;  ///< in Git, not as it says, and only watched

  bool operator==(const StatusCounts&) const = default;
};

/// Something that a person should know or do.
struct Problem {
  std::string object;  ///< or "" for the whole
  std::string message;

  bool operator==(const Problem&) const = default;
};

enum class AgentState : std::uint8_t {
  starting,  ///< no pass has ended yet
  waiting,   ///< something is missing that the agent can't begin without
  ready,     ///< the cluster is as Git says
  failing,   ///< the last pass could not do all
};

struct Status {
  AgentState state = AgentState::starting;
  std::string version;                       ///< of the agent
  std::string remote;                        ///< URL without credentials
  std::string fetched_revision;              ///< newest that is on disk
  std::string applied_revision;              ///< the one that is in force
  std::optional<WallTime> committed_at;      ///< of the applied revision
  std::optional<WallTime> last_pass_at;      ///< end of the last pass
  std::optional<WallTime> last_change_at;    ///< last pass that changed the cluster
  std::optional<WallTime> source_seen_at;    ///< last answer of the Git server
  std::uint64_t reverted = 0;                ///< changes from outside, since the agent's start
  std::optional<WallTime> last_reverted_at;  ///< end of the last pass that reverted one
  StatusCounts counts;
  std::vector<Problem> problems;
  std::vector<std::string> notices;  ///< what a person should mend though all is well
  std::vector<KustomizationStatus> kustomizations;  ///< of the graph, the root first
  std::vector<HelmReleaseStatus> helm_releases;     ///< that they contain

  bool operator==(const Status&) const = default;
};

[[nodiscard]] std::string_view to_string(AgentState state);

/// "2026-11-23T19:08:47Z".
[[nodiscard]] std::string write_time(WallTime time);
[[nodiscard]] Result<WallTime> read_time(std::string_view text);
/// "17 s", "5 min", "3 h", "12 d".
[[nodiscard]] std::string write_age(Duration age);

/// As JSON: keys in camelCase, times in RFC 3339, absent ones left out.
[[nodiscard]] Value write_status(const Status& status);
[[nodiscard]] Result<Status> read_status(const Value& value);
/// For people: a few lines.
[[nodiscard]] std::string describe_status(const Status& status, WallTime now);
/// One line for systemd's STATUS=: how it stands, and what is wrong and what to do.
[[nodiscard]] std::string summarise_status(const Status& status, WallTime now);

}  // namespace primocane

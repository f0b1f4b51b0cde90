// SPDX-License-Identifier: Apache-2.0
// What the parts of the agent are given, from the configuration: pure translations.
#pragma once

#include "base/child_process.hpp"
#include "base/clock.hpp"
#include "cli/config.hpp"
#include "document/limits.hpp"
#include "reconcile/agent.hpp"
#include "render/render_request.hpp"
#include "report/event.hpp"
#include "source/git_settings.hpp"
#include "source/remote_fetcher.hpp"
#include "source/source_tree.hpp"

#include <string>

namespace primocane {

/// The set of the configured path.
[[nodiscard]] KustomizationName root_kustomization();

[[nodiscard]] BoxLimits box_limits(const RenderSettings& settings);
[[nodiscard]] DocumentLimits document_limits(const RenderSettings& settings);
[[nodiscard]] PruneSettings prune_settings(const Config& config);
[[nodiscard]] AgentSettings agent_settings(const Config& config, std::string version);

/// A pass that takes longer than all its parts may take hangs.
[[nodiscard]] Duration pass_max(const Config& config);

/// How things elsewhere are fetched; where they lie meanwhile is left open.
[[nodiscard]] RemoteFetchSettings fetch_settings(GitSettings git, const RenderSettings& render);

/// A request to render the folder `path` of a tree of files.
[[nodiscard]] RenderRequest folder_request(RelativePath path, RenderOutput output,
                                           const RenderSettings& settings);

/// The least severe events that `level` lets through.
[[nodiscard]] Severity lowest_severity(LogLevel level);

}  // namespace primocane

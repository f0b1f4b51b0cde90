// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.hpp"

#include "reconcile/renderer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace primocane {

KustomizationName root_kustomization() { return PassSettings{}.name; }

BoxLimits box_limits(const RenderSettings& settings) {
  BoxLimits limits;
  limits.memory = settings.memory;
  limits.cpu_time = settings.cpu_time;
  limits.output = settings.output_size;
  // A busy node gives a child less than half of a processor for a while.
  limits.wall_time = std::max(limits.wall_time, 3 * settings.cpu_time);
  return limits;
}

DocumentLimits document_limits(const RenderSettings& settings) {
  DocumentLimits limits;
  limits.bytes = settings.file_size;
  return limits;
}

PruneSettings prune_settings(const Config& config) {
  return {.deletions_max = config.deletions_max, .data_kinds = config.data_kinds, .confirmed = {}};
}

AgentSettings agent_settings(const Config& config, std::string version) {
  AgentSettings settings;
  settings.pass.name = root_kustomization();
  settings.pass.path = config.path;
  settings.pass.repository = {.url = config.git.url,
                              .branch = config.git.branch,
                              .is_verified = !config.verification_keys.empty()};
  settings.pass.prune = prune_settings(config);
  settings.pass.limits = document_limits(config.render);
  settings.pass.objects_max = config.render.objects;
  settings.schedule.interval = config.interval;
  settings.version = std::move(version);
  settings.remote = config.git.url;
  return settings;
}

Duration pass_max(const Config& config) {
  constexpr Duration for_the_cluster = std::chrono::hours(2);
  // A fetch may look at the history in several steps before it brings the content.
  constexpr int fetches = 8;
  const auto remotes = static_cast<std::int64_t>(config.render.remotes);
  return for_the_cluster + fetches * Duration(config.git.fetch_timeout) +
         remotes * Duration(config.render.remote_timeout) +
         BoxedRenderer::rounds_max * Duration(box_limits(config.render).wall_time);
}

RemoteFetchSettings fetch_settings(GitSettings git, const RenderSettings& render) {
  return {.git = std::move(git),
          .timeout = render.remote_timeout,
          .file_max = render.file_size,
          .repository_max = render.remote_size,
          .work_folder = {},
          .readers = {}};
}

RenderRequest folder_request(RelativePath path, RenderOutput output,
                             const RenderSettings& settings) {
  return {.source = RenderSource::folder,
          .output = output,
          .commit = {},
          .path = std::move(path),
          .name = root_kustomization(),
          .limits = document_limits(settings),
          .objects_max = settings.objects,
          .remotes = {}};
}

Severity lowest_severity(LogLevel level) {
  switch (level) {
    case LogLevel::error:
      return Severity::error;
    case LogLevel::warning:
      return Severity::warning;
    case LogLevel::info:
      return Severity::info;
    case LogLevel::debug:
      return Severity::debug;
  }
  return Severity::info;
}

}  // namespace primocane

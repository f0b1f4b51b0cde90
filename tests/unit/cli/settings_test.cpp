// SPDX-License-Identifier: Apache-2.0
// What is configured reaches the parts.
#include "cli/settings.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

namespace primocane {

using namespace std::chrono_literals;

TEST_CASE("the agent gets what is configured about its passes") {
  Config config;
  config.git.url = "https://git.example.org/x";
  config.path = RelativePath::parse("clusters/home").value();
  config.interval = 5min;
  config.deletions_max = 3;
  config.data_kinds = DataKinds::flux;
  config.render.objects = 7;
  config.render.file_size = ByteCount(1024);
  const AgentSettings settings = agent_settings(config, "1.2.3");
  CHECK(settings.version == "1.2.3");
  CHECK(settings.remote == "https://git.example.org/x");
  CHECK(settings.schedule.interval == 5min);
  CHECK(settings.pass.name == KustomizationName{"primocane-system", "root"});
  CHECK(settings.pass.path.str() == "clusters/home");
  CHECK(settings.pass.prune.deletions_max == 3);
  CHECK(settings.pass.prune.data_kinds == DataKinds::flux);
  CHECK(settings.pass.objects_max == 7);
  CHECK(settings.pass.limits.bytes == ByteCount(1024));
}

TEST_CASE("a renderer gets the memory and processor time that are configured") {
  const BoxLimits limits = box_limits({.memory = ByteCount(1 << 26),
                                       .cpu_time = 300s,
                                       .file_size = {},
                                       .objects = 1,
                                       .output_size = ByteCount(1 << 20)});
  CHECK(limits.memory == ByteCount(1 << 26));
  CHECK(limits.cpu_time == 300s);
  CHECK(limits.output == ByteCount(1 << 20));
  CHECK(limits.wall_time >= 900s);
}

TEST_CASE("a folder is rendered with the limits of the configuration") {
  const RenderRequest request =
      folder_request(RelativePath::parse("a").value(), RenderOutput::resources,
                     {.file_size = ByteCount(5), .objects = 9});
  CHECK(request.source == RenderSource::folder);
  CHECK(request.output == RenderOutput::resources);
  CHECK(request.path.str() == "a");
  CHECK(request.limits.bytes == ByteCount(5));
  CHECK(request.objects_max == 9);
}

TEST_CASE("a pass may take as long as its fetches and its rendering may, and more") {
  Config config;
  config.git.fetch_timeout = 24h;
  config.render.cpu_time = 1h;
  CHECK(pass_max(config) > 24h + 3h);
  CHECK(pass_max(Config{}) >= 2h);
}

TEST_CASE("what is fetched from elsewhere has the limits of the configuration") {
  Config config;
  config.git.url = "https://git.example.org/home.git";
  config.render.remote_timeout = 7s;
  config.render.remote_size = ByteCount(8);
  config.render.file_size = ByteCount(9);
  const RemoteFetchSettings settings = fetch_settings(config.git, config.render);
  CHECK(settings.git == config.git);
  CHECK(settings.timeout == 7s);
  CHECK(settings.repository_max == ByteCount(8));
  CHECK(settings.file_max == ByteCount(9));
}

TEST_CASE("each log level lets through what is as severe") {
  CHECK(lowest_severity(LogLevel::error) == Severity::error);
  CHECK(lowest_severity(LogLevel::warning) == Severity::warning);
  CHECK(lowest_severity(LogLevel::info) == Severity::info);
  CHECK(lowest_severity(LogLevel::debug) == Severity::debug);
}

}  // namespace primocane

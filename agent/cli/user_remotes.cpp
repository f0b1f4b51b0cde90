// SPDX-License-Identifier: Apache-2.0
#include "cli/user_remotes.hpp"

#include <fmt/format.h>

#include <chrono>

namespace primocane {

namespace {

constexpr std::chrono::hours a_month{30 * 24};

}  // namespace

void WarningLines::emit(const Event& event) {
  lines_ += fmt::format("primocane: warning: {}\n", event.message);
}

Config user_config(const Environment& environment) {
  Config config;
  config.git.proxy = environment.proxy;
  if (!environment.home.empty()) {
    config.git.authentication.ssh_known_hosts = environment.home + "/.ssh/known_hosts";
  }
  return config;
}

RemoteParts make_user_remotes(EventLoop& loop, ChildProcesses& children, EventSink& events,
                              const Config& config, const Environment& environment) {
  if (environment.cache_dir.empty()) return {};
  return make_remotes(loop, children, events, config,
                      {.folder = remotes_folder(environment.cache_dir), .unused_max = a_month});
}

}  // namespace primocane

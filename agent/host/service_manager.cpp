// SPDX-License-Identifier: Apache-2.0
#include "host/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace primocane {

void ServiceManager::ready() { sd_notify(/*unset_environment=*/0, "READY=1"); }

void ServiceManager::status(std::string_view line) {
  std::string text = "STATUS=" + std::string(line);
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  sd_notify(/*unset_environment=*/0, text.c_str());
}

void ServiceManager::feed_watchdog(std::function<bool()> is_alive) {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(/*unset_environment=*/0, &microseconds) <= 0) return;
  pause_ = std::chrono::microseconds(microseconds / 2);
  is_alive_ = std::move(is_alive);
  feed();
}

void ServiceManager::feed() {
  if (is_alive_()) sd_notify(/*unset_environment=*/0, "WATCHDOG=1");
  timer_ = loop_.after(pause_, [this] { feed(); });
}

}  // namespace primocane

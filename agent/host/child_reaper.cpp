// SPDX-License-Identifier: Apache-2.0
#include "host/child_reaper.hpp"

#include <sys/wait.h>
#include <utility>

namespace primocane {

ChildReaper::~ChildReaper() {
  for (const Entry& entry : entries_) waitpid(entry.pid, nullptr, 0);
}

void ChildReaper::adopt(pid_t pid, UniqueFd process) {
  if (waitpid(pid, nullptr, WNOHANG) == pid) return;
  const auto entry = entries_.emplace(entries_.end(), pid, std::move(process), nullptr);
  entry->ended =
      loop_.watch(entry->process.get(), {.readable = true}, [this, entry](Readiness /*readiness*/) {
        waitpid(entry->pid, nullptr, 0);
        entries_.erase(entry);
      });
}

}  // namespace primocane

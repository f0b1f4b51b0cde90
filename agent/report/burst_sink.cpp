// SPDX-License-Identifier: Apache-2.0
#include "report/burst_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

BurstSink::BurstSink(EventLoop& loop, std::unique_ptr<EventSink> sink, Severity lowest,
                     BurstSettings settings)
    : loop_(loop), sink_(std::move(sink)), lowest_(lowest), settings_(settings) {}

BurstSink::~BurstSink() {
  for (const auto& [kind, window] : windows_) sum_up(kind, window);
}

void BurstSink::emit(const Event& event) {
  if (event.severity > lowest_) return;
  Window& window = windows_[event.kind];
  if (window.end == nullptr) {
    window.end = loop_.after(settings_.window, [this, kind = event.kind] {
      const auto ended = windows_.extract(kind);
      sum_up(kind, ended.mapped());
    });
  }
  if (window.told < settings_.told_max) {
    ++window.told;
    sink_->emit(event);
    return;
  }
  ++window.held_back;
  window.worst = std::min(window.worst, event.severity);
  window.kustomization = event.kustomization;
  ++window.actions[event.action];
}

void BurstSink::sum_up(EventKind kind, const Window& window) {
  if (window.held_back == 0) return;
  std::string actions;
  for (const auto& [action, count] : window.actions) {
    if (action.empty()) continue;
    actions += fmt::format("{}{} {}", actions.empty() ? ": " : ", ", count, action);
  }
  sink_->emit({.kind = kind,
               .severity = window.worst,
               .message = fmt::format(
                   "{} more {} after the first {} within {} s{}", window.held_back, to_string(kind),
                   window.told, std::chrono::floor<std::chrono::seconds>(settings_.window).count(),
                   actions),
               .kustomization = window.kustomization});
}

}  // namespace primocane

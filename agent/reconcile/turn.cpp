// SPDX-License-Identifier: Apache-2.0
#include "reconcile/turn.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr Duration patience_per_node = std::chrono::seconds(30);

Duration patience_for(const std::vector<std::string>& seniors) {
  return patience_per_node * static_cast<std::int64_t>(seniors.size());
}

}  // namespace

bool Turn::comes_before(const std::string& node) const {
  const std::vector<std::string> seniors = nodes_.seniors();
  return std::ranges::find(seniors, node) != seniors.end();
}

void Turn::begin_pass(bool is_asked_for) {
  is_asked_for_ = is_asked_for;
  has_acted_ = false;
  for (auto& [need, wish] : wishes_) wish.is_left = false;
}

bool Turn::has_waited() const {
  return std::ranges::any_of(wishes_, [](const auto& entry) { return entry.second.is_left; });
}

Task<Result<void>> Turn::require(Need need, std::set<KustomizationName> sets) {
  if (has_acted_) co_return Result<void>();
  co_await nodes_.wait_until_known();
  const std::vector<std::string> seniors = nodes_.seniors();
  const SteadyTime now = loop_.clock().now();
  if (seniors.empty() || is_asked_for_) {
    has_acted_ = true;
    co_return Result<void>();
  }
  Wish& wish = wishes_[need];
  if (!wish.since) wish.since = now;
  const SteadyTime due = pass_due(*wish.since, sets);
  wish.due = due;
  if (now < due) {
    wish.is_left = true;
    const auto left = std::chrono::ceil<std::chrono::seconds>(due - now);
    co_return fail(ErrorKind::cancelled,
                   fmt::format("is left to node {}: this node does it in {} s if it is not done",
                               fmt::join(seniors, ", "), left.count()));
  }
  if (need == Need::undone) tell_silence();
  has_acted_ = true;
  co_return Result<void>();
}

SteadyTime Turn::pass_due(SteadyTime since, const std::set<KustomizationName>& sets) const {
  for (const KustomizationName& set : sets) {
    const auto acted = others_acted_at_.find(set);
    if (acted != others_acted_at_.end()) since = std::max(since, acted->second);
  }
  return since + patience_for(nodes_.seniors()) + interval_;
}

// A pass that saw nothing says nothing of what is undone.
std::optional<SteadyTime> Turn::end_pass(bool has_compared) {
  if (has_compared) {
    std::erase_if(wishes_, [](const auto& entry) { return !entry.second.is_left; });
  }
  std::optional<SteadyTime> next;
  for (const auto& [need, wish] : wishes_) {
    if (wish.is_left) next = next ? std::min(*next, wish.due) : wish.due;
  }
  return next;
}

std::optional<SteadyTime> Turn::due(SteadyTime since) const {
  const SteadyTime due = since + patience_for(nodes_.seniors());
  if (due <= loop_.clock().now()) return std::nullopt;
  return due;
}

void Turn::tell_silence() {
  std::string silent = fmt::format("{}", fmt::join(nodes_.seniors(), ", "));
  if (silent.empty() || silent == told_silent_) return;
  told_silent_ = std::move(silent);
  events_.emit({.kind = EventKind::node_silent,
                .severity = Severity::warning,
                .message = fmt::format(
                    "node {} is Ready and leaves undone what Git asks for: node {} does it; see "
                    "there: journalctl -u primocane",
                    told_silent_, own_name())});
}

void Turn::note_others_act(const KustomizationName& set) {
  others_acted_at_.insert_or_assign(set, loop_.clock().now());
  told_silent_.clear();
}

}  // namespace primocane

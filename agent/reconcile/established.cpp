// SPDX-License-Identifier: Apache-2.0
#include "reconcile/established.hpp"

#include "document/json.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr Duration patience = std::chrono::seconds(30);
constexpr Duration first_look_pause = std::chrono::milliseconds(50);
constexpr Duration longest_look_pause = std::chrono::seconds(2);

}  // namespace

std::set<GroupKind> kinds_defined_by(const Stage& stage, const std::set<ResourceId>& failed) {
  std::set<GroupKind> kinds;
  for (const Change& change : stage.changes) {
    if (change.id.kind != "CustomResourceDefinition" || change.desired == nullptr) continue;
    if (failed.contains(change.id)) continue;
    const Result<Value> body = read_json(change.desired->body, to_string(change.id));
    if (!body) continue;
    GroupKind kind{.group = std::string(body->text_at("spec", "group")),
                   .kind = std::string(body->text_at("spec", "names", "kind"))};
    if (!kind.kind.empty()) kinds.insert(std::move(kind));
  }
  return kinds;
}

Task<void> wait_until_established(Cluster& cluster, EventLoop& loop, const Stage& stage,
                                  const std::set<ResourceId>& failed, KindCatalog& catalog) {
  const std::set<GroupKind> wanted = kinds_defined_by(stage, failed);
  const Deadline deadline = Deadline::in(loop.clock(), patience);
  Duration pause = first_look_pause;
  const auto is_served = [&](const GroupKind& kind) { return catalog.contains(kind); };
  while (!std::ranges::all_of(wanted, is_served) && !deadline.has_passed(loop.clock())) {
    co_await sleep_for(loop, pause);
    pause = std::min(pause * 2, longest_look_pause);
    Result<KindCatalog> seen = co_await look_up_kinds(cluster, wanted);
    if (seen) catalog = std::move(*seen);
  }
}

}  // namespace primocane

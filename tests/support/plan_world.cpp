// SPDX-License-Identifier: Apache-2.0
#include "support/plan_world.hpp"

#include "resource/applyset.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

ApplyEntry entry_of(const ResourceId& id) {
  return {.fields = fingerprint(to_string(id)),
          .time = "2026-11-23T19:00:00Z",
          .owns_part_of_label = true};
}

std::string uid_of(const ResourceId& id) { return "uid of " + to_string(id); }

}  // namespace

ResourceId config_map(std::string name) { return {"", "ConfigMap", "home", std::move(name)}; }

PlanWorld::PlanWorld() {
  Parent parent;
  parent.kustomization = name;
  parent.id = applyset_id(name);
  view.parents[parent.id] = {.parent = parent, .resource_version = "1"};
}

DesiredObject& PlanWorld::desire(const ResourceId& id, std::string_view content) {
  const auto line = static_cast<std::uint32_t>(objects.size() + 1);
  return objects.emplace_back(
      DesiredObject{.id = id,
                    .version = "v1",
                    .origin = {.path = "apps.yaml", .document = 1, .line = line},
                    .prune_mark = PruneMark::unmarked,
                    .hash = fingerprint(content),
                    .body = std::string(content)});
}

LiveObject& PlanWorld::live(const ResourceId& id) {
  LiveObject& object = view.labelled[id];
  object.id = id;
  object.uid = uid_of(id);
  object.resource_version = "7";
  object.part_of = applyset_id(name);
  object.entry = entry_of(id);
  return object;
}

LiveObject& PlanWorld::live_unlabelled(const ResourceId& id) {
  LiveObject& object = view.unlabelled[id];
  object.id = id;
  object.uid = uid_of(id);
  object.resource_version = "7";
  return object;
}

AppliedRecord& PlanWorld::record(const ResourceId& id, std::string_view content) {
  AppliedRecord& applied = index[id];
  applied = {.uid = uid_of(id), .entry = entry_of(id), .desired = fingerprint(content)};
  return applied;
}

void PlanWorld::settled(const ResourceId& id) {
  desire(id);
  live(id);
  record(id);
}

void PlanWorld::leavers(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) live(config_map(fmt::format("gone-{:03}", i)));
}

void PlanWorld::settlers(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) settled(config_map(fmt::format("stays-{:03}", i)));
}

Parent& PlanWorld::other_parent(const KustomizationName& other) {
  Parent parent;
  parent.kustomization = other;
  parent.id = applyset_id(other);
  const std::string id = parent.id;
  view.parents[id] = {.parent = std::move(parent), .resource_version = "1"};
  return view.parents[id].parent;
}

Result<WholePlan> PlanWorld::plan() {
  set_ = TRY(DesiredSet::make(name, objects));
  const std::vector<Desire> desires{{.name = name, .set = &set_}};
  WholePlan whole{make_plan({.desires = desires, .view = view, .index = index, .resting = resting}),
                  {}};
  whole.prune = plan_prune_of(desires, view, prune);
  return whole;
}

std::vector<std::string> PlanWorld::changes() {
  std::vector<std::string> lines;
  const Result<WholePlan> made = plan();
  if (!made) return {made.error().message};
  for (const Stage& stage : made->stages) {
    for (const Change& change : stage.changes) {
      lines.push_back(
          fmt::format("{} {}: {}", to_string(change.action), to_string(change.id), change.reason));
    }
  }
  return lines;
}

std::vector<std::string> PlanWorld::removals() {
  std::vector<std::string> lines;
  const Result<WholePlan> made = plan();
  if (!made) return {made.error().message};
  for (const Removal& removal : made->prune.removals) lines.push_back(to_string(removal.id));
  return lines;
}

}  // namespace primocane

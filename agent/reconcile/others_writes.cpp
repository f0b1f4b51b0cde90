// SPDX-License-Identifier: Apache-2.0
#include "reconcile/others_writes.hpp"

#include "plan/as_written.hpp"
#include "resource/applyset.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace primocane {

namespace {

// The time of our entry, which counts in seconds, moves when an apply changes something; what
// others take from it leaves the time as it was. What is desired anew may have been applied by now.
bool is_drift(const LiveObject& live, const AppliedRecord& known, const Fingerprint& desired) {
  return live.uid == known.uid && live.entry->time <= known.entry.time &&
         live.entry->fields != known.entry.fields && known.desired == desired;
}

}  // namespace

bool is_claimed_otherwise(const PassMemory& memory, const LiveCluster& live, const Turn& turn,
                          const ResourceId& id) {
  return std::ranges::any_of(memory.kustomizations, [&](const auto& entry) {
    const std::optional<RenderedSet>& rendered = entry.second.rendered;
    if (!rendered || rendered->desired.find(id) == nullptr) return false;
    const LiveParent* parent = live.find_parent(applyset_id(entry.first));
    return parent != nullptr && turn.is_another(parent->parent.writer) &&
           parent->parent.rendering && parent->parent.rendering != rendered->desired.hash();
  });
}

std::optional<KustomizationName> learn_write(PassMemory& memory, const LiveCluster& live,
                                             const ResourceId& id, SteadyTime now) {
  const LiveObject* object = live.find(id);
  const bool is_written = object != nullptr && object->entry && object->entry->owns_part_of_label &&
                          !object->is_terminating;
  if (!is_written) return std::nullopt;
  for (const auto& [name, state] : memory.kustomizations) {
    if (!state.rendered) continue;
    const DesiredObject* desired = state.rendered->desired.find(id);
    if (desired == nullptr) continue;
    const LiveParent* parent = live.find_parent(object->part_of);
    const bool is_applied = parent != nullptr && parent->parent.kustomization == name &&
                            parent->parent.rendering == state.rendered->desired.hash();
    if (!is_applied) continue;
    const auto known = memory.index.find(id);
    if (known != memory.index.end()) {
      const bool is_known =
          has_written_entry(*object, known->second) && known->second.desired == desired->hash;
      if (is_known || is_drift(*object, known->second, desired->hash)) return std::nullopt;
      const bool is_reverted = known->second.desired == desired->hash;
      if (is_reverted) memory.fights.note(id, now, {});
    }
    AppliedRecord record{.uid = object->uid,
                         .entry = *object->entry,
                         .desired = desired->hash,
                         .is_complete = object->is_complete,
                         .is_learnt = true};
    memory.index.insert_or_assign(id, std::move(record));
    return name;
  }
  return std::nullopt;
}

}  // namespace primocane

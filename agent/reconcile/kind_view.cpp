// SPDX-License-Identifier: Apache-2.0
#include "reconcile/kind_view.hpp"

#include "resource/resource_version.hpp"

#include <utility>

namespace primocane {

void KindView::begin_anew(Trust trust) {
  ++round_;
  is_trusting_ = trust == Trust::known;
  is_complete_ = false;
  told_.clear();
}

// Within a round versions are those of one server.
bool KindView::is_outdated(std::string_view version, const Known& known) const {
  return (is_trusting_ || known.round == round_) &&
         is_older_version(version, known.live.resource_version);
}

Result<std::optional<ResourceId>> KindView::take_present(const Value& object) {
  LiveObject live = TRY(read_live_object(object, kind_));
  const auto known = objects_.find(live.id);
  if (is_complete_) told_ = live.resource_version;
  if (known != objects_.end() && is_outdated(live.resource_version, known->second)) {
    known->second.round = round_;
    return std::nullopt;
  }
  ResourceId id = live.id;
  objects_.insert_or_assign(id, Known{.live = std::move(live), .round = round_});
  return id;
}

Result<std::optional<ResourceId>> KindView::take_gone(const Value& object,
                                                      std::string_view version) {
  const LiveObject live = TRY(read_live_object(object, kind_));
  const auto known = objects_.find(live.id);
  if (is_complete_) told_ = version;
  if (known == objects_.end() || is_outdated(version, known->second)) return std::nullopt;
  objects_.erase(known);
  return live.id;
}

std::vector<ResourceId> KindView::complete(std::string_view version) {
  std::vector<ResourceId> gone;
  for (auto entry = objects_.begin(); entry != objects_.end();) {
    const Known& known = entry->second;
    // What was written since the server looked need not be in what it saw.
    const bool is_newer = is_trusting_ && is_older_version(version, known.live.resource_version);
    if (known.round == round_ || is_newer) {
      ++entry;
      continue;
    }
    gone.push_back(entry->first);
    entry = objects_.erase(entry);
  }
  is_trusting_ = true;
  is_complete_ = true;
  told_ = version;
  return gone;
}

void KindView::note(const LiveObject& live) {
  const auto known = objects_.find(live.id);
  const bool is_gone =
      known == objects_.end() && !told_.empty() && !is_older_version(told_, live.resource_version);
  const bool is_older =
      known != objects_.end() &&
      is_older_version(live.resource_version, known->second.live.resource_version);
  if (!is_gone && !is_older)
    objects_.insert_or_assign(live.id, Known{.live = live, .round = round_});
}

const LiveObject* KindView::find(const ResourceId& id) const {
  const auto known = objects_.find(id);
  return known == objects_.end() ? nullptr : &known->second.live;
}

void KindView::copy_to(std::map<ResourceId, LiveObject>& objects) const {
  for (const auto& [id, known] : objects_) objects.insert_or_assign(id, known.live);
}

}  // namespace primocane

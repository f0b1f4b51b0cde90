// SPDX-License-Identifier: Apache-2.0
#include "reconcile/unrenderable.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

const Error* Unrenderable::find(const Fingerprint& key) const {
  const auto entry = std::ranges::find(entries_, key, &Entry::key);
  return entry == entries_.end() ? nullptr : &entry->error;
}

void Unrenderable::add(const Fingerprint& key, Error error) {
  if (find(key) != nullptr) return;
  if (entries_.size() == kept_max) entries_.erase(entries_.begin());
  entries_.push_back({.key = key, .error = std::move(error)});
  ++added_;
}

}  // namespace primocane

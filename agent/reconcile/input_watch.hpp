// SPDX-License-Identifier: Apache-2.0
// InputWatch: in which version the ConfigMaps and Secrets are that go into renderings, as watches
// of their names show them: in metadata, so that no value of a Secret comes along. What is in them
// is read when a version is new.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "cluster/cluster_watch.hpp"
#include "resource/resource_id.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace primocane {

/// Which object it is, and in which state; empty where there is none.
struct InputVersion {
  std::string uid{};
  std::string resource_version{};

  bool operator==(const InputVersion&) const = default;
};

/// Lives on the loop's thread.
class InputWatch {
 public:
  /// Both are borrowed.
  InputWatch(ClusterWatch& cluster, EventLoop& loop);
  InputWatch(const InputWatch&) = delete;
  InputWatch& operator=(const InputWatch&) = delete;
  ~InputWatch();

  /// `changed` is called from within the watches whenever has_news() or failures() may have
  /// changed: it must return at once and start nothing.
  void listen(std::function<void()> changed) { changed_ = std::move(changed); }

  /// Watches these objects from now on, and no others: each by its name, but where many of a kind
  /// lie in one namespace that namespace.
  void want(const std::set<ResourceId>& inputs);

  /// In which version `id` is; nothing where no watch shows it.
  [[nodiscard]] std::optional<InputVersion> find(const ResourceId& id) const;

  /// A rendering goes by that version of `id`, wherever it is known from.
  void note(const ResourceId& id, InputVersion version);
  /// Whether a wanted object is another one, or newer, than what the renderings went by.
  [[nodiscard]] bool has_news() const;

  /// Why some of a kind are not watched, but for outages.
  [[nodiscard]] std::map<GroupKind, Error> failures() const;

 private:
  class Place;

  ClusterWatch& cluster_;
  EventLoop& loop_;
  std::function<void()> changed_;
  std::map<ResourceId, InputVersion> used_;  // by note()
  std::map<std::set<ResourceId>, std::unique_ptr<Place>> places_;
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// KindView: what a watch has shown of one kind. It never goes back: what the server's cache, or an
// event that was long on its way, tells of an older state than is known here is passed by.
#pragma once

#include "base/error.hpp"
#include "cluster/cluster_watch.hpp"
#include "resource/live_object.hpp"
#include "resource/resource_id.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A value without IO.
class KindView {
 public:
  /// What is kept from the time before when a watch begins anew.
  enum class Trust : std::uint8_t {
    known,  ///< the server goes on: older states than known ones are passed by
    none,   ///< it may be another one, or the same from a backup
  };

  explicit KindView(GroupKind kind) : kind_(std::move(kind)) {}

  /// What is there is told from the beginning; complete() ends it.
  void begin_anew(Trust trust);

  /// An object that is there. Its identity, or nothing if that is older than what is known.
  [[nodiscard]] Result<std::optional<ResourceId>> take_present(const Value& object);

  /// An object that is gone, at `version`. The same.
  [[nodiscard]] Result<std::optional<ResourceId>> take_gone(const Value& object,
                                                            std::string_view version);

  /// All that is there has been told, as of `version`. The objects that are not there any more.
  [[nodiscard]] std::vector<ResourceId> complete(std::string_view version);

  /// What an answer to a write showed. An object that is not known though the watch has come
  /// further than the answer is gone by now.
  void note(const LiveObject& live);

  [[nodiscard]] const LiveObject* find(const ResourceId& id) const;
  [[nodiscard]] std::size_t size() const { return objects_.size(); }
  void copy_to(std::map<ResourceId, LiveObject>& objects) const;

 private:
  struct Known {
    LiveObject live;
    std::uint32_t round = 0;  // in which it was told or written last
  };

  GroupKind kind_;
  std::map<ResourceId, Known> objects_;
  [[nodiscard]] bool is_outdated(std::string_view version, const Known& known) const;

  std::uint32_t round_ = 0;
  bool is_trusting_ = true;
  bool is_complete_ = false;
  std::string told_;  // the newest version of an event since all that is there has been told
};

}  // namespace primocane

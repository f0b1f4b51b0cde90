// SPDX-License-Identifier: Apache-2.0
// ClusterWatch: what changes in the cluster, as the API server tells it while it happens. KubeApi
// implements it beside Cluster, on the same connection.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "document/value.hpp"
#include "resource/resource_id.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace primocane {

/// One thing that a watch tells.
struct WatchEvent {
  enum class Kind : std::uint8_t {
    begun,     ///< the server watches; what happened since WatchQuery::resource_version follows
    present,   ///< an object that is there, or was made or changed
    gone,      ///< an object that is not selected any more: it was deleted, or lost the label
    complete,  ///< all that was there when the watch began has been told
    bookmark,  ///< nothing but how far the server has come
  };

  Kind kind = Kind::bookmark;
  /// PartialObjectMetadata, or the object where that was asked for; of what is gone its last state.
  /// Null with begun, complete, bookmark.
  Value object{};
  std::string resource_version{};  ///< up to which all has been told; "" with begun
};

/// What to watch of the objects of a kind.
enum class WatchDepth : std::uint8_t { metadata, whole };

/// What to watch: objects of a kind, in metadata if nothing else is said.
struct WatchQuery {
  GroupKind group_kind;
  std::string namespace_name;          ///< "" for all
  std::string label_selector;          ///< "" for all
  std::string name{};                  ///< "" for all
  std::string resource_version;        ///< where to go on; "" to be told first what is there
  std::chrono::seconds lifetime{600};  ///< after which the server ends the watch
  WatchDepth depth = WatchDepth::metadata;
};

/// Why a watch ended, without a failure.
enum class WatchEnd : std::uint8_t {
  over,         ///< its time; it can go on where it was
  expired,      ///< the server does not remember that far back (410), or has not come that far
  not_served,   ///< there is no such kind (any more)
  unwatchable,  ///< the kind is served, but not to be watched
};

/// Watches. Lives on the loop's thread.
class ClusterWatch {
 public:
  /// An error ends the watch and is its outcome.
  using Take = std::function<Result<void>(WatchEvent event)>;

  virtual ~ClusterWatch() = default;

  /// Tells `take` what happens until the watch ends. Without a resource_version what is there comes
  /// first, from the server's cache, then `complete`; with one `begun` comes first. What is there
  /// may be told as older than it was told before. `unavailable` when the connection or the server
  /// failed, `denied`, and `invalid` for an answer that makes no sense.
  virtual Task<Result<WatchEnd>> watch(WatchQuery query, Take take) = 0;
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// WatchStream: the events of a watch while they arrive, one JSON object after the other
// (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "cluster/cluster_watch.hpp"
#include "cluster/object_text.hpp"
#include "cluster/status_error.hpp"

#include <optional>
#include <string_view>

namespace primocane {

/// Cuts a stream into events. Of one that is not there completely only the bytes are kept.
class WatchStream {
 public:
  explicit WatchStream(ClusterWatch::Take take,
                       ByteCount event_max = ByteCount(4ULL * 1024 * 1024));

  /// The next bytes. `invalid` for what is no event or one over the limit; `unavailable` when the
  /// server says that it can't go on, see refusal().
  [[nodiscard]] Result<void> feed(std::string_view piece);
  /// States that the stream has ended. `unavailable` if that was within an event.
  [[nodiscard]] Result<void> finish() const;

  /// What the server said when it ended the watch by an event of type ERROR.
  [[nodiscard]] const std::optional<ApiStatus>& refusal() const { return refusal_; }

 private:
  [[nodiscard]] Result<void> take_event(std::string_view text);

  ClusterWatch::Take take_;
  ObjectText event_;
  std::optional<ApiStatus> refusal_;
};

}  // namespace primocane

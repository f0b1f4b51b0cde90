// SPDX-License-Identifier: Apache-2.0
// ServedKinds: what the API server serves, remembered and asked for again when something is
// missing.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/api_session.hpp"
#include "cluster/cluster.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// The kinds of one API server. Whoever asks while the server is being asked waits for the same
/// answer. Belongs to the loop's thread; outlives the tasks that ask it, though whatever goes on
/// after the last of them may destroy it at once.
class ServedKinds {
 public:
  explicit ServedKinds(ApiSession& session) : session_(session) {}
  ServedKinds(const ServedKinds&) = delete;
  ServedKinds& operator=(const ServedKinds&) = delete;
  ~ServedKinds() = default;

  Task<Result<std::vector<ServedKind>>> all(Discovery freshness);

  /// The kind, if it is served in `version` ("" for any). Asks the server again before it says
  /// no, though not for each of many objects.
  Task<Result<std::optional<ServedKind>>> find(GroupKind group_kind, std::string version);

  /// The server said that something known is not there: asks it again at the next call.
  void forget() { known_.clear(); }

 private:
  class Waiter;

  [[nodiscard]] const ServedKind* known(const GroupKind& group_kind,
                                        std::string_view version) const;
  Task<Result<void>> refresh();
  void refreshed(Result<std::vector<ServedKind>> kinds);

  ApiSession& session_;
  std::vector<ServedKind> known_;
  SteadyTime asked_at_;
  bool is_asking_ = false;
  std::uint64_t round_ = 0;
  std::list<Waiter*> waiters_;
  Job asking_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace primocane

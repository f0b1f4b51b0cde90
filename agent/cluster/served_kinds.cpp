// SPDX-License-Identifier: Apache-2.0
#include "cluster/served_kinds.hpp"

#include "cluster/discovery.hpp"
#include "cluster/requests.hpp"
#include "cluster/status_error.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace primocane {

namespace {

// A hundred objects of a kind that is not there yet are answered from one asking.
constexpr std::chrono::milliseconds fresh_enough{250};

Task<Result<void>> read_legacy_groups(ApiSession& session, std::string body, KindList& kinds) {
  CO_TRY(const std::vector<ApiVersion> versions, read_version_list(body));
  for (const ApiVersion& version : versions) {
    HttpRequest request = resource_list_request(version);
    CO_TRY(const HttpResponse response, co_await session.send(std::move(request)));
    // The server behind an aggregated API may be down; its kinds are left out then.
    if (!response.is_success()) continue;
    CO_CHECK(read_resource_list(response.body, version, kinds));
  }
  co_return Result<void>();
}

Task<Result<std::vector<ServedKind>>> ask_for_kinds(ApiSession& session) {
  KindList kinds;
  for (const char* path : {"/api", "/apis"}) {
    HttpRequest request = discovery_request(path);
    CO_TRY(HttpResponse response, co_await session.send(std::move(request)));
    if (!response.is_success()) {
      co_return std::unexpected(
          to_error(read_api_status(response.status, response.body), "discovery"));
    }
    if (is_aggregated_discovery(response.content_type)) {
      CO_CHECK(read_aggregated_discovery(response.body, kinds));
    } else {
      CO_CHECK(co_await read_legacy_groups(session, std::move(response.body), kinds));
    }
  }
  co_return kinds.take();
}

}  // namespace

// One task that waits for the answer; it leaves the list when it is cancelled.
class ServedKinds::Waiter {
 public:
  explicit Waiter(ServedKinds& kinds) : kinds_(kinds), round_(kinds.round_) {
    kinds_.waiters_.push_back(this);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { kinds_.waiters_.remove(this); }

  [[nodiscard]] std::uint64_t round() const { return round_; }
  [[nodiscard]] Completion<Result<void>>& outcome() { return outcome_; }

 private:
  ServedKinds& kinds_;
  std::uint64_t round_;
  Completion<Result<void>> outcome_;
};

Task<Result<std::vector<ServedKind>>> ServedKinds::all(Discovery freshness) {
  if (freshness == Discovery::fresh || known_.empty()) CO_CHECK(co_await refresh());
  co_return known_;
}

Task<Result<std::optional<ServedKind>>> ServedKinds::find(GroupKind group_kind,
                                                          std::string version) {
  const bool is_fresh = !known_.empty() && session_.clock().now() - asked_at_ < fresh_enough;
  if (known(group_kind, version) == nullptr && !is_fresh) CO_CHECK(co_await refresh());
  const ServedKind* kind = known(group_kind, version);
  if (kind == nullptr) co_return std::optional<ServedKind>();
  co_return std::optional<ServedKind>(*kind);
}

const ServedKind* ServedKinds::known(const GroupKind& group_kind, std::string_view version) const {
  const auto kind = std::ranges::find(known_, group_kind, &ServedKind::group_kind);
  if (kind == known_.end()) return nullptr;
  const auto& versions = kind->versions;
  const bool has_version =
      version.empty() || std::ranges::find(versions, version) != versions.end();
  return has_version ? &*kind : nullptr;
}

Task<Result<void>> ServedKinds::refresh() {
  Waiter waiter(*this);
  if (!std::exchange(is_asking_, true)) {
    asking_ = Job::start<Result<std::vector<ServedKind>>>(
        ask_for_kinds(session_), [this](auto kinds) { refreshed(std::move(kinds)); });
  }
  Completion<Result<void>>& outcome = waiter.outcome();
  Result<void> refreshed = co_await outcome;
  co_return refreshed;
}

// A task that goes on may cancel others, begin the next round of asking, or destroy this object: a
// LateCluster drops a KubeApi with the last request that held it.
void ServedKinds::refreshed(Result<std::vector<ServedKind>> kinds) {
  is_asking_ = false;
  Result<void> outcome;
  if (kinds) {
    known_ = std::move(*kinds);
    asked_at_ = session_.clock().now();
  } else {
    outcome = std::unexpected(std::move(kinds).error());
  }
  const std::uint64_t this_round = round_++;
  const std::weak_ptr<int> alive = alive_;
  // Those of an earlier round may stand before them: one of them, which this function called
  // further down the stack, has begun a round that failed at once.
  const auto find_next = [&] { return std::ranges::find(waiters_, this_round, &Waiter::round); };
  for (auto next = find_next(); next != waiters_.end(); next = find_next()) {
    Waiter* waiter = *next;
    waiters_.erase(next);
    waiter->outcome().complete(outcome);
    if (alive.expired()) return;
  }
}

}  // namespace primocane

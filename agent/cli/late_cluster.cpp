// SPDX-License-Identifier: Apache-2.0
#include "cli/late_cluster.hpp"

#include <utility>

namespace primocane {

namespace {

// Whether what another kubeconfig says may help.
bool may_heal(const Error& error) {
  return error.kind == ErrorKind::denied || error.kind == ErrorKind::unavailable;
}

}  // namespace

Result<std::shared_ptr<ApiServer>> LateCluster::current() {
  if (cluster_ != nullptr && !is_in_doubt_) return cluster_;
  Result<std::string> text = source_();
  if (text && (cluster_ == nullptr || *text != text_)) {
    Result<std::unique_ptr<ApiServer>> made = maker_(*text);
    if (made) {
      cluster_ = std::move(*made);
      text_ = std::move(*text);
    } else {
      // It may be half written: looked at again, instead of waiting for a person.
      text = fail(ErrorKind::unavailable, std::move(made).error().message);
    }
  }
  if (text) is_in_doubt_ = false;
  // What is known may work again; while K3s starts, its file may not be there.
  if (cluster_ != nullptr) return cluster_;
  return std::unexpected(std::move(text).error());
}

template <typename T>
Task<Result<T>> LateCluster::send(std::function<Task<Result<T>>(Cluster&)> request) {
  CO_TRY(const std::shared_ptr<ApiServer> cluster, current());
  Task<Result<T>> sending = request(*cluster);
  Result<T> result = co_await sending;
  if (result) co_return result;
  if (!may_heal(result.error())) co_return result;
  is_in_doubt_ = true;
  if (result.error().kind == ErrorKind::unavailable) co_return result;
  const Result<std::shared_ptr<ApiServer>> renewed = current();
  if (!renewed || *renewed == cluster) co_return result;
  Task<Result<T>> sending_again = request(**renewed);
  Result<T> second = co_await sending_again;
  co_return second;
}

Task<Result<std::vector<ServedKind>>> LateCluster::discover(Discovery freshness) {
  std::function<Task<Result<std::vector<ServedKind>>>(Cluster&)> request =
      [freshness](Cluster& cluster) { return cluster.discover(freshness); };
  auto sending = send(std::move(request));
  Result<std::vector<ServedKind>> kinds = co_await sending;
  co_return kinds;
}

Task<Result<void>> LateCluster::list_metadata(MetadataQuery query,
                                              std::function<void(const Value& object)> each) {
  std::function<Task<Result<void>>(Cluster&)> request = [query, each](Cluster& cluster) {
    return cluster.list_metadata(query, each);
  };
  auto sending = send(std::move(request));
  Result<void> listed = co_await sending;
  co_return listed;
}

Task<Result<std::optional<Value>>> LateCluster::get(ResourceId id, std::string version) {
  std::function<Task<Result<std::optional<Value>>>(Cluster&)> request =
      [id, version](Cluster& cluster) { return cluster.get(id, version); };
  auto sending = send(std::move(request));
  Result<std::optional<Value>> object = co_await sending;
  co_return object;
}

Task<Result<Applied>> LateCluster::apply(ApplyRequest request) {
  std::function<Task<Result<Applied>>(Cluster&)> apply = [request](Cluster& cluster) {
    return cluster.apply(request);
  };
  auto sending = send(std::move(apply));
  Result<Applied> applied = co_await sending;
  co_return applied;
}

Task<Result<LiveObject>> LateCluster::patch(PatchRequest request) {
  std::function<Task<Result<LiveObject>>(Cluster&)> patch = [request](Cluster& cluster) {
    return cluster.patch(request);
  };
  auto sending = send(std::move(patch));
  Result<LiveObject> patched = co_await sending;
  co_return patched;
}

Task<Result<Removed>> LateCluster::remove(DeleteRequest request) {
  std::function<Task<Result<Removed>>(Cluster&)> remove = [request](Cluster& cluster) {
    return cluster.remove(request);
  };
  auto sending = send(std::move(remove));
  Result<Removed> removed = co_await sending;
  co_return removed;
}

Task<Result<WatchEnd>> LateCluster::watch(WatchQuery query, Take take) {
  CO_TRY(const std::shared_ptr<ApiServer> cluster, current());
  Result<WatchEnd> end = co_await cluster->watch(std::move(query), std::move(take));
  if (!end && may_heal(end.error())) is_in_doubt_ = true;
  co_return end;
}

}  // namespace primocane

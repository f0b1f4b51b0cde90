// SPDX-License-Identifier: Apache-2.0
// LateCluster: the cluster that a kubeconfig will name, whenever that is written. K3s writes its
// kubeconfig when it starts first and again at each later start.
#pragma once

#include "cluster/kube_api.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

/// Passes every request on to a Cluster made from the kubeconfig's text. The text is read before
/// the first request and again after a request failed in a way that another kubeconfig may heal
/// (`denied`, `unavailable`); only a text that changed makes a new Cluster. A request that was
/// `denied` is sent once more if the text changed meanwhile: K3s renews certificates when it
/// starts. Requests that are under way keep the Cluster they began with. Lives on the loop's
/// thread.
class LateCluster final : public ApiServer {
 public:
  /// The kubeconfig's text. Its errors become those of the request.
  using Source = std::function<Result<std::string>()>;
  using Maker = std::function<Result<std::unique_ptr<ApiServer>>(std::string_view text)>;

  LateCluster(Source source, Maker maker) : source_(std::move(source)), maker_(std::move(maker)) {}

  Task<Result<std::vector<ServedKind>>> discover(Discovery freshness) override;
  Task<Result<void>> list_metadata(MetadataQuery query,
                                   std::function<void(const Value& object)> each) override;
  Task<Result<std::optional<Value>>> get(ResourceId id, std::string version) override;
  Task<Result<Applied>> apply(ApplyRequest request) override;
  Task<Result<LiveObject>> patch(PatchRequest request) override;
  Task<Result<Removed>> remove(DeleteRequest request) override;
  [[nodiscard]] bool is_answering() const override {
    return cluster_ != nullptr && cluster_->is_answering();
  }
  /// A watch that ends by an error is not begun again: whoever watches goes on where it was.
  Task<Result<WatchEnd>> watch(WatchQuery query, Take take) override;

 private:
  [[nodiscard]] Result<std::shared_ptr<ApiServer>> current();
  template <typename T>
  Task<Result<T>> send(std::function<Task<Result<T>>(Cluster&)> request);

  Source source_;
  Maker maker_;
  std::string text_;
  std::shared_ptr<ApiServer> cluster_;
  bool is_in_doubt_ = false;
};

}  // namespace primocane

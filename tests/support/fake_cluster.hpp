// SPDX-License-Identifier: Apache-2.0
// FakeCluster: the Cluster interface in memory, with server-side apply's ownership of fields. It
// keeps the same contract as the real API server (tests/contract).
#pragma once

#include "base/event_loop.hpp"
#include "cluster/kube_api.hpp"
#include "document/value.hpp"
#include "resource/resource_id.hpp"
#include "support/fake_watches.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A request as a test sees it: "apply ConfigMap/home/web", "dry-run ConfigMap/home/web",
/// "get ConfigMap/home/web", "patch ConfigMap/home/web", "delete ConfigMap/home/web", "list
/// Deployment.apps", "watch Deployment.apps", "discover".
struct FakeRequest {
  std::string verb;
  ResourceId id;  ///< of a list: without what it does not ask for; empty for discover

  [[nodiscard]] std::string str() const;
};

/// A cluster with the kinds of a plain Kubernetes, namespaces default and kube-system, and nothing
/// else. Changes take effect at once; a namespace that is deleted takes its content with it. Time
/// is the loop's wall clock, in seconds as in managedFields.
class FakeCluster final : public ApiServer {
 public:
  explicit FakeCluster(EventLoop& loop);

  Task<Result<std::vector<ServedKind>>> discover(Discovery freshness) override;
  Task<Result<void>> list_metadata(MetadataQuery query,
                                   std::function<void(const Value& object)> each) override;
  Task<Result<std::optional<Value>>> get(ResourceId id, std::string version) override;
  Task<Result<Applied>> apply(ApplyRequest request) override;
  Task<Result<LiveObject>> patch(PatchRequest request) override;
  Task<Result<Removed>> remove(DeleteRequest request) override;
  [[nodiscard]] bool is_answering() const override { return is_answering_; }
  Task<Result<WatchEnd>> watch(WatchQuery query, Take take) override;

  // What happens from outside, without a request of ours.

  /// Creates `object` as `manager` would by an update. It must not be there.
  void create(Value object, std::string_view manager = "kubectl-create");
  /// Merges `patch` (RFC 7396) into the object as an update by `manager`: it takes the fields that
  /// it changes from everybody else. Removing the last finalizer of a terminating object ends it.
  void edit(const ResourceId& id, std::string_view manager, const Value& patch,
            std::string_view subresource = {});
  /// A forced server-side apply by another manager.
  void apply_as(std::string_view manager, const Value& object);
  /// As a DELETE without preconditions: an object with finalizers only begins to terminate.
  void delete_object(const ResourceId& id);
  void strip_managed_fields(const ResourceId& id);
  /// A copy under `name` with all labels, as controllers make them: no entry of ours.
  ResourceId label_copy(const ResourceId& id, std::string_view name);
  void serve(ServedKind kind);
  /// With its objects, as when its definition is deleted.
  void stop_serving(const GroupKind& group_kind);
  /// Until it is served again, as while the server behind an aggregated API is down: its objects
  /// are still there, but nobody sees them.
  void hide(const GroupKind& group_kind);

  // What tests script.

  /// Who watches, and how that ends.
  [[nodiscard]] FakeWatches& watches() { return watches_; }

  /// The next `times` applies (no dry runs) of `id` answer `error`.
  void fail_next_applies(const ResourceId& id, Error error, int times = 1);
  /// Changes what is about to be stored, after who wrote what has been noted: mutating admission.
  std::function<void(const ResourceId& id, Value& object)> on_admission;
  /// Asked before every request; an error becomes its answer.
  std::function<std::optional<Error>(const FakeRequest&)> on_request;
  /// Called with FakeRequest::str() before and after every request that may write.
  std::function<void(std::string_view what)> on_effect;
  std::function<void(std::string_view what)> after_effect;
  /// No request gets an answer: each fails after `silence`, a request's time.
  bool is_silent = false;
  Duration silence = std::chrono::seconds(30);
  /// How long every request takes. Zero answers without suspending.
  Duration latency{};

  // What tests observe.

  [[nodiscard]] const std::vector<std::string>& requests() const { return requests_; }
  void forget_requests() { requests_.clear(); }
  [[nodiscard]] std::size_t in_flight_max() const { return in_flight_max_; }
  /// The whole object with its managedFields, or null.
  [[nodiscard]] const Value* find(const ResourceId& id) const;
  [[nodiscard]] std::vector<ResourceId> ids() const;

  // A sweep kills the process and goes on in another one.

  [[nodiscard]] std::string dump() const;
  /// Replaces everything by what dump() wrote.
  [[nodiscard]] Result<void> load(std::string_view json);

 private:
  enum class Commit : std::uint8_t { no, yes };

  struct Failures {
    Error error;
    int times = 0;
  };

  Task<Result<void>> receive(FakeRequest request);
  Result<Applied> apply_now(const ApplyRequest& request);
  Result<LiveObject> patch_now(const PatchRequest& request);
  Result<Removed> remove_now(const DeleteRequest& request);
  Result<void> require_seen(const ResourceId& id, const std::string& uid,
                            const std::string& resource_version) const;
  Result<void> require_place(const ResourceId& id, std::string_view version) const;
  [[nodiscard]] const ServedKind* served(const GroupKind& group_kind) const;
  Value merge(const ResourceId& id, std::string_view manager, const Value& wanted);
  /// What is stored as `id` once `object` was admitted, with its generation.
  [[nodiscard]] Value admitted(const ResourceId& id, Value object) const;
  void store(const ResourceId& id, Value object);
  void erase(const ResourceId& id);
  void erase_all(const std::function<bool(const ResourceId&)>& is_meant);
  void serve_definition(const Value& definition);
  [[nodiscard]] std::string now_text() const;

  EventLoop& loop_;
  std::vector<ServedKind> kinds_;
  std::map<ResourceId, Value> objects_;
  std::map<ResourceId, Failures> failures_;
  std::vector<std::string> requests_;
  bool is_answering_ = true;
  std::size_t in_flight_ = 0;
  std::size_t in_flight_max_ = 0;
  std::uint64_t last_version_ = 100;
  FakeWatches watches_{loop_};
};

/// The kinds that a Kubernetes without additions serves.
[[nodiscard]] std::vector<ServedKind> plain_kinds();

/// Reads group, kind, namespace and name out of `object`.
[[nodiscard]] ResourceId id_of(const Value& object);

}  // namespace primocane

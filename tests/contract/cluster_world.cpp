// SPDX-License-Identifier: Apache-2.0
#include "contract/cluster_world.hpp"

#include "cluster/api_session.hpp"
#include "cluster/kube_api.hpp"
#include "cluster/requests.hpp"
#include "contract/real_world.hpp"
#include "document/json.hpp"
#include "support/fake_cluster.hpp"
#include "support/test_loop.hpp"

#include <cstdlib>
#include <utility>

namespace primocane {

namespace {

class FakeWorld final : public ClusterWorld {
 public:
  FakeWorld() : cluster_(loop_) {}

  EventLoop& loop() override { return loop_; }
  ApiServer& cluster() override { return cluster_; }
  std::string space() const override { return "default"; }
  void edit(const ResourceId& id, std::string_view manager, const Value& patch) override {
    cluster_.edit(id, manager, patch);
  }
  void apply_as(std::string_view manager, const Value& object) override {
    cluster_.apply_as(manager, object);
  }
  void strip_managed_fields(const ResourceId& id) override { cluster_.strip_managed_fields(id); }
  void delete_object(const ResourceId& id) override { cluster_.delete_object(id); }

 private:
  TestLoop loop_;
  FakeCluster cluster_;
};

}  // namespace

std::string real_kubeconfig() {
  const char* path = std::getenv("PRIMOCANE_TEST_KUBECONFIG");
  return path == nullptr ? std::string() : std::string(path);
}

std::vector<std::string> cluster_worlds() {
  std::vector<std::string> worlds{"fake"};
  if (!real_kubeconfig().empty()) worlds.emplace_back("real");
  return worlds;
}

std::unique_ptr<ClusterWorld> make_world(const std::string& name) {
  if (name == "real") return std::make_unique<RealWorld>(real_kubeconfig());
  return std::make_unique<FakeWorld>();
}

ApplyRequest apply_request_for(const Value& object) {
  const std::string_view api_version = object.text_at("apiVersion");
  return {.id = id_of(object),
          .version = ApiVersion::parse(api_version).value().version,
          .body = write_json(object)};
}

Result<Applied> ClusterWorld::apply(const Value& object, ApplyRequest request) {
  ApplyRequest filled = apply_request_for(object);
  filled.uid = std::move(request.uid);
  filled.resource_version = std::move(request.resource_version);
  filled.dry_run = request.dry_run;
  return run_until_done(loop(), cluster().apply(std::move(filled)));
}

std::vector<LiveObject> ClusterWorld::list(MetadataQuery query) {
  std::vector<LiveObject> found;
  const GroupKind group_kind = query.group_kind;
  const auto each = [&](const Value& object) {
    found.push_back(read_live_object(object, group_kind).value());
  };
  run_until_done(loop(), cluster().list_metadata(std::move(query), each)).value();
  return found;
}

std::optional<LiveObject> ClusterWorld::look_at(const ResourceId& id) {
  const std::vector<LiveObject> found = list({.group_kind = id.group_kind(),
                                              .namespace_name = id.namespace_name,
                                              .label_selector = {},
                                              .name = id.name});
  if (found.empty()) return std::nullopt;
  return found.at(0);
}

std::optional<Value> ClusterWorld::get(const ResourceId& id, std::string version) {
  return run_until_done(loop(), cluster().get(id, std::move(version))).value();
}

Result<LiveObject> ClusterWorld::patch(PatchRequest request) {
  return run_until_done(loop(), cluster().patch(std::move(request)));
}

Result<Removed> ClusterWorld::remove(DeleteRequest request) {
  return run_until_done(loop(), cluster().remove(std::move(request)));
}

namespace {

Task<bool> sleep_and_say_so(EventLoop& loop, Duration delay) {
  co_await sleep_for(loop, delay);
  co_return true;
}

}  // namespace

void ClusterWorld::pass_a_second() {
  run_until_done(loop(), sleep_and_say_so(loop(), std::chrono::milliseconds(1100)));
}

bool ClusterWorld::becomes_true(const std::function<bool()>& is_true) {
  const Deadline deadline = Deadline::in(loop().clock(), std::chrono::seconds(10));
  while (!deadline.has_passed(loop().clock())) {
    if (is_true()) return true;
    run_until_done(loop(), sleep_and_say_so(loop(), std::chrono::milliseconds(50)));
  }
  return is_true();
}

}  // namespace primocane

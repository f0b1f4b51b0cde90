// SPDX-License-Identifier: Apache-2.0
#include "reconcile/pass.hpp"

#include "resource/applyset.hpp"
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace primocane {
namespace {

using Lines = std::vector<std::string>;

const ResourceId parent_id{"", "ConfigMap", "primocane-system", "primocane-system.root"};

std::size_t position(const Lines& lines, std::string_view line) {
  return static_cast<std::size_t>(std::ranges::find(lines, line) - lines.begin());
}

TEST_CASE("the first pass makes the namespace, then the parent, then the members") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK(report.changes == 1);
  const Lines& requests = world.cluster.requests();
  const std::size_t space = position(requests, "apply Namespace/primocane-system");
  const std::size_t parent =
      position(requests, "apply ConfigMap/primocane-system/primocane-system.root");
  const std::size_t member = position(requests, "apply ConfigMap/default/a");
  CHECK(space < parent);
  CHECK(parent < member);
  CHECK(member < requests.size());
}

TEST_CASE("a pass without news sends metadata lists and nothing else, and writes nothing") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.pass();
  const std::uint64_t writes = world.store.writes;
  world.cluster.forget_requests();
  world.events.clear();
  const PassReport report = world.pass();
  CHECK(report.changes == 0);
  Lines requests = world.cluster.requests();
  std::erase(requests, "discover");  // of what is in memory, at the real one
  CHECK(requests == Lines{"list ConfigMap in primocane-system", "list ConfigMap"});
  CHECK(world.store.writes == writes);
  CHECK(world.renderer.renderings == 1);
  CHECK(world.events.lines().empty());
}

TEST_CASE("an object edited behind our back is reverted at the next pass") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.cluster.edit(default_map("a"), "kubectl-edit", yaml_value("data: {k: other}"));
  const PassReport report = world.pass();
  CHECK(report.changes == 1);
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "v");
  CHECK(world.events.messages(EventKind::drift_reverted).find("reverted") != std::string::npos);
}

TEST_CASE("who changed an object before we wrote it last is not blamed") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.cluster.edit(default_map("a"), "kubectl-annotate",
                     yaml_value("metadata: {annotations: {note: x}}"));
  world.loop.run_for(std::chrono::hours(1));
  world.commit('2', config_map_yaml("a", "new"));
  world.pass();
  world.loop.run_for(std::chrono::hours(1));
  world.cluster.edit(default_map("a"), "a-client", yaml_value("data: {k: null}"));
  world.events.clear();
  world.pass();
  CHECK(world.events.messages(EventKind::drift_reverted).find("reverted") != std::string::npos);
  CHECK(world.events.messages(EventKind::drift_reverted).find("kubectl-annotate") ==
        std::string::npos);
}

TEST_CASE("an object deleted behind our back is made again") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.cluster.delete_object(default_map("a"));
  world.pass();
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("an object whose managedFields were stripped is applied again and settles") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.cluster.strip_managed_fields(default_map("a"));
  CHECK(world.pass().counts.failed == 0);
  CHECK(world.pass().changes == 0);
}

TEST_CASE("a file that left Git is pruned") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + config_map_yaml("b"));
  world.pass();
  world.commit('2', config_map_yaml("a"));
  world.pass();
  CHECK(world.cluster.find(default_map("b")) == nullptr);
  CHECK(world.cluster.find(default_map("a")) != nullptr);
  CHECK(world.events.has(EventKind::object_pruned));
}

TEST_CASE("a commit that cannot be rendered prunes nothing and leaves the last one in force") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + config_map_yaml("b"));
  world.pass();
  world.commit('2', "apiVersion: v1\nkind: [");
  const PassReport report = world.pass();
  CHECK(report.worst == ErrorKind::invalid);
  CHECK(world.cluster.find(default_map("b")) != nullptr);
  world.cluster.delete_object(default_map("a"));
  world.pass();
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("after a restart with a broken commit the last good one is rendered from disk") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.commit('2', "apiVersion: v1\nkind: [");
  world.restart();
  world.cluster.delete_object(default_map("a"));
  world.pass();
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("a commit that renders to nothing prunes nothing") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.commit('2', "# nothing is left\n");
  const PassReport report = world.pass();
  CHECK(report.worst == ErrorKind::invalid);
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("a problem that persists is told once") {
  PassWorld world;
  world.commit('1', "apiVersion: v1\nkind: [");
  world.pass();
  CHECK(world.events.has(EventKind::render_failed));
  world.events.clear();
  const auto once = world.renderer.renderings;
  world.pass();
  CHECK(world.events.lines().empty());
  CHECK(world.renderer.renderings == once);
}

TEST_CASE("Git unreachable: what is on disk stays in force") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.repository.failure = Error{ErrorKind::unavailable, "connection refused"};
  world.restart();
  world.cluster.delete_object(default_map("a"));
  const PassReport report = world.pass();
  CHECK(report.worst == ErrorKind::unavailable);
  CHECK(world.cluster.find(default_map("a")) != nullptr);
  CHECK(world.events.has(EventKind::source_unavailable));
}

TEST_CASE("a rewritten branch is refused and can be accepted") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  const CommitId rewritten = world.repository.push_rewritten('2');
  world.renderer.manifests.insert_or_assign(rewritten.str(), config_map_yaml("a", "new"));
  CHECK(world.pass().worst == ErrorKind::denied);
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "v");
  const PassReport report = world.pass({.rewrite = Rewrite::accept, .confirm_prune = {}});
  CHECK(report.problems.empty());
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "new");
}

TEST_CASE("a commit that was applied in part is what stays when the next one can't be rendered") {
  PassWorld world;
  world.commit('1', config_map_yaml("a", "first"));
  world.pass();
  world.cluster.fail_next_applies(default_map("bad"), {ErrorKind::invalid, "refused"}, 100);
  world.commit('2', config_map_yaml("a", "second") + config_map_yaml("b") + config_map_yaml("bad"));
  CHECK(world.pass().counts.failed == 1);
  world.restart();
  world.commit('3', "a: [");
  world.events.clear();

  const PassReport report = world.pass();

  CHECK(world.events.has(EventKind::render_failed));
  CHECK(report.changes == 0);
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "second");
  CHECK(world.cluster.find(default_map("b")) != nullptr);
  CHECK_FALSE(world.events.has(EventKind::object_pruned));
}

TEST_CASE("an accepted rewrite stays accepted although an object of it fails") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  const CommitId rewritten = world.repository.push_rewritten('2');
  world.renderer.manifests.insert_or_assign(rewritten.str(),
                                            config_map_yaml("a", "new") + config_map_yaml("bad"));
  world.cluster.fail_next_applies(default_map("bad"), {ErrorKind::invalid, "refused"}, 100);
  CHECK(world.pass({.rewrite = Rewrite::accept, .confirm_prune = {}}).counts.failed == 1);
  world.events.clear();
  const PassReport report = world.pass();
  CHECK(report.worst == ErrorKind::invalid);
  CHECK_FALSE(world.events.has(EventKind::revision_refused));
}

TEST_CASE("a commit that drops one that was applied in part is a rewrite") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.commit('2', config_map_yaml("a", "second") + config_map_yaml("bad"));
  world.cluster.fail_next_applies(default_map("bad"), {ErrorKind::invalid, "refused"}, 100);
  world.pass();
  world.repository.push_rewritten('3');
  CHECK(world.pass().worst == ErrorKind::denied);
}

TEST_CASE("a confirmation holds until the pass in which nothing fails any more") {
  PassWorld world;
  world.settings.prune.deletions_max = 1;
  world.commit('1', config_map_yaml("a") + config_map_yaml("b") + config_map_yaml("c") +
                        config_map_yaml("d"));
  world.pass();
  world.commit('2', config_map_yaml("a", "new") + config_map_yaml("d"));
  const std::string hash = world.pass().confirm_prune;
  REQUIRE_FALSE(hash.empty());
  world.commit('3', config_map_yaml("a", "newer") + config_map_yaml("d"));
  world.cluster.fail_next_applies(default_map("a"), {ErrorKind::invalid, "refused"});
  world.pass({.rewrite = Rewrite::refuse, .confirm_prune = hash});
  REQUIRE(world.cluster.find(default_map("b")) != nullptr);
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("b")) == nullptr);
  CHECK(world.cluster.find(default_map("d")) != nullptr);
}

TEST_CASE("a damaged mirror does not stop the correction of what is in memory") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.repository.failure = Error{ErrorKind::unavailable, "connection refused"};
  world.repository.damage = Error{ErrorKind::unavailable, "the mirror is damaged"};
  world.cluster.delete_object(default_map("a"));
  world.pass();
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("a mirror that was damaged and fetched anew is told, each time that it happens") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.events.clear();
  world.repository.found_damage = "the mirror /mirror is damaged: no object";
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK(world.events.messages(EventKind::mirror_damaged).find("no object") != std::string::npos);
  CHECK(world.events.lines().size() == 1);
  world.events.clear();
  world.repository.found_damage = "the mirror /mirror is damaged: no object";
  world.pass();
  CHECK(world.events.has(EventKind::mirror_damaged));
  world.events.clear();
  world.pass();
  CHECK(world.events.lines().empty());
}

TEST_CASE("a mirror that stays damaged is told once") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.repository.failure = Error{ErrorKind::unavailable, "no Git"};
  world.repository.found_damage = "the mirror /mirror is damaged: no object";
  world.pass();
  CHECK(world.events.has(EventKind::mirror_damaged));
  world.events.clear();
  world.repository.found_damage = "the mirror /mirror is damaged: no object";
  world.pass();
  CHECK_FALSE(world.events.has(EventKind::mirror_damaged));
}

TEST_CASE("a commit that can't be rendered is tried again when a person asks") {
  PassWorld world;
  world.commit('1', "a: [");
  world.pass();
  const auto once = world.renderer.renderings;
  world.pass();
  CHECK(world.renderer.renderings == once);
  world.pass({.rewrite = Rewrite::refuse, .confirm_prune = {}, .is_asked_for = true});
  CHECK(world.renderer.renderings == 2 * once);
}

TEST_CASE("a pass that could not look at the cluster says so and counts nothing") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.cluster.on_request = [](const FakeRequest& /*request*/) {
    return std::optional<Error>({ErrorKind::unavailable, "connection refused"});
  };
  const PassReport report = world.pass();
  CHECK_FALSE(report.has_compared);
  CHECK(world.events.messages(EventKind::pass_failed).find("0 of 0") == std::string::npos);
}

TEST_CASE("a node that knows nothing refuses a rewritten branch by what the parent says") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.store.states.clear();
  const CommitId rewritten = world.repository.push_rewritten('2');
  world.renderer.manifests.insert_or_assign(rewritten.str(), config_map_yaml("a", "new"));
  world.restart();
  CHECK(world.pass().worst == ErrorKind::denied);
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "v");
}

TEST_CASE("a node that knows nothing and can't ask Git leaves what the parent says in force") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  const CommitId rewritten = world.repository.push_rewritten('2');
  world.renderer.manifests.insert_or_assign(rewritten.str(), config_map_yaml("a", "new"));
  REQUIRE(run_until_done(world.loop, world.repository.update({}, Rewrite::accept)).has_value());
  world.repository.failure = Error{ErrorKind::unavailable, "connection refused"};
  world.store.states.clear();
  world.restart();
  CHECK(world.pass().worst == ErrorKind::unavailable);
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "v");
}

TEST_CASE("after a restart nothing is applied again, because the index survives") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.restart();
  world.cluster.forget_requests();
  CHECK(world.pass().changes == 0);
  for (const std::string& request : world.cluster.requests()) {
    CHECK_FALSE(request.starts_with("apply"));
  }
}

TEST_CASE("a lost index costs one apply of each object and changes nothing") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.store.states.clear();
  world.restart();
  // Controllers write as well, which is no change of ours.
  world.cluster.on_effect = [&](std::string_view what) {
    if (what != "apply ConfigMap/default/a") return;
    world.cluster.edit(default_map("a"), "a-controller",
                       yaml_value("metadata: {annotations: {seen: 'yes'}}"));
  };
  CHECK(world.pass().changes == 0);
  world.cluster.on_effect = nullptr;
  world.cluster.forget_requests();
  world.pass();
  for (const std::string& request : world.cluster.requests()) {
    CHECK_FALSE(request.starts_with("apply"));
  }
}

constexpr std::string_view job_yaml = R"(---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: default}
spec: {ttlSecondsAfterFinished: 60}
)";
const ResourceId job_id{"batch", "Job", "default", "migrate"};

TEST_CASE("a Job that its time to live removed is not made again when the index is lost") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + std::string(job_yaml));
  world.pass();
  world.cluster.delete_object(job_id);
  for (int i = 0; i < 2; ++i) {
    world.store.states.clear();
    world.restart();
    world.pass();
    world.pass();
    CHECK(world.cluster.find(job_id) == nullptr);
  }
  world.commit('2', config_map_yaml("a", "new") + std::string(job_yaml));
  world.store.states.clear();
  world.restart();
  world.pass();
  CHECK(world.cluster.find(job_id) == nullptr);
}

TEST_CASE("a Job with a time to live that was never made is made although the index is lost") {
  PassWorld world;
  world.commit('1', std::string(job_yaml));
  world.cluster.fail_next_applies(job_id, {ErrorKind::denied, "no"});
  world.pass();
  REQUIRE(world.cluster.find(parent_id) != nullptr);
  world.store.states.clear();
  world.restart();
  world.pass();
  CHECK(world.cluster.find(job_id) != nullptr);
}

TEST_CASE("a Job that was deleted after it was complete has done its work") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") +
                        "---\napiVersion: batch/v1\nkind: Job\n"
                        "metadata: {name: migrate, namespace: default}\n");
  world.pass();
  world.cluster.delete_object(job_id);
  world.pass();
  REQUIRE(world.cluster.find(job_id) != nullptr);  // it had not been

  world.cluster.edit(job_id, "kube-controller-manager",
                     yaml_value("status: {completionTime: '2026-01-01T00:00:00Z'}"), "status");
  world.pass();
  world.cluster.delete_object(job_id);
  world.pass();
  CHECK(world.cluster.find(job_id) == nullptr);
  world.store.states.clear();
  world.restart();
  world.pass();
  world.pass();
  CHECK(world.cluster.find(job_id) == nullptr);
}

TEST_CASE("a failing object does not hide the fate of the others, and nothing is pruned") {
  PassWorld world;
  world.commit('1', config_map_yaml("gone"));
  world.pass();
  world.commit('2', config_map_yaml("a") + config_map_yaml("b"));
  world.cluster.fail_next_applies(default_map("a"), {ErrorKind::invalid, "spec.x: required"});
  const PassReport report = world.pass();
  CHECK(report.counts.failed == 1);
  CHECK(world.cluster.find(default_map("b")) != nullptr);
  CHECK(world.cluster.find(default_map("gone")) != nullptr);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().message.find("apps.yaml:1") != std::string::npos);
  CHECK(report.problems.front().object == "ConfigMap/default/a");
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("gone")) == nullptr);
}

TEST_CASE("an object that waits for something is tried again within the pass") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.cluster.fail_next_applies(default_map("a"), {ErrorKind::unavailable, "webhook not up"}, 3);
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("an object that waits in vain counts as failed after its patience") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.cluster.fail_next_applies(default_map("a"), {ErrorKind::unavailable, "webhook not up"},
                                  1000);
  const SteadyTime before = world.loop.clock().now();
  CHECK(world.pass().worst == ErrorKind::unavailable);
  CHECK(world.loop.clock().now() - before < std::chrono::seconds(40));
  const SteadyTime again = world.loop.clock().now();
  world.pass();
  CHECK(world.loop.clock().now() - again < std::chrono::seconds(5));
}

TEST_CASE("a custom resource is applied in the same pass as its definition") {
  PassWorld world;
  world.commit('1', R"(
apiVersion: example.org/v1
kind: Thing
metadata: {name: one, namespace: default}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions: [{name: v1, served: true, storage: true}]
)");
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find({"example.org", "Thing", "default", "one"}) != nullptr);
}

TEST_CASE("a custom resource has the namespace of its kind as soon as that is defined") {
  const auto applied_as = [](std::string scope, std::string metadata, const ResourceId& id) {
    PassWorld world;
    world.commit('1', "apiVersion: example.org/v1\nkind: Thing\nmetadata: " + metadata + R"(
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec:
  group: example.org
  scope: )" + scope + R"(
  names: {kind: Thing, plural: things}
  versions: [{name: v1, served: true, storage: true}]
)");
    CHECK(world.pass().problems.empty());
    CHECK(world.cluster.find(id) != nullptr);
    CHECK(world.pass().changes == 0);
  };
  applied_as("Cluster", "{name: one, namespace: home}", {"example.org", "Thing", "", "one"});
  applied_as("Namespaced", "{name: one}", {"example.org", "Thing", "default", "one"});
}

TEST_CASE("a definition that the server refuses is not waited for") {
  PassWorld world;
  const ResourceId definition{"apiextensions.k8s.io", "CustomResourceDefinition", "",
                              "things.example.org"};
  world.commit('1', R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec: {group: example.org, names: {kind: Thing, plural: things}}
)");
  world.cluster.fail_next_applies(definition, {ErrorKind::invalid, "spec.scope: required"}, 1000);
  const SteadyTime before = world.loop.clock().now();
  CHECK(world.pass().counts.failed == 1);
  CHECK(world.loop.clock().now() - before < std::chrono::seconds(1));
}

TEST_CASE("the parent is made again when it was deleted") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.cluster.delete_object(parent_id);
  world.pass();
  CHECK(world.cluster.find(parent_id) != nullptr);
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("the parent widens before and narrows after a kind leaves Git") {
  PassWorld world;
  const std::string secret =
      "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\n";
  world.commit('1', config_map_yaml("a") + secret);
  world.pass();
  const auto kinds = [&] {
    return std::string(world.cluster.find(parent_id)->text_at(
        "metadata", "annotations", "applyset.kubernetes.io/contains-group-kinds"));
  };
  CHECK(kinds() == "ConfigMap,Secret");
  world.commit('2', config_map_yaml("a"));
  world.pass();
  CHECK(kinds() == "ConfigMap");
}

TEST_CASE("a commit that does not change the rendering does not write the parent") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.commit('2', config_map_yaml("a"));
  world.cluster.forget_requests();
  const PassReport report = world.pass();
  REQUIRE(report.applied);
  CHECK(report.applied->commit == commit_of('2'));
  for (const std::string& request : world.cluster.requests()) {
    CHECK_FALSE(request.starts_with("apply"));
  }
}

TEST_CASE("an object that is being deleted comes back when it is gone") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.cluster.edit(default_map("a"), "finalizer",
                     yaml_value("metadata: {finalizers: [example.org/hold]}"));
  world.cluster.delete_object(default_map("a"));
  CHECK(world.pass().is_waiting);
  world.cluster.edit(default_map("a"), "finalizer", yaml_value("metadata: {finalizers: null}"));
  CHECK_FALSE(world.pass().is_waiting);
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("many deletions wait for a confirmation that the report carries") {
  PassWorld world;
  std::string many;
  for (char c = 'a'; c <= 'z'; ++c) many += config_map_yaml(std::string(1, c));
  world.commit('1', many);
  world.pass();
  world.commit('2', config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK_FALSE(report.confirm_prune.empty());
  CHECK(world.cluster.find(default_map("z")) != nullptr);
  world.pass({.rewrite = Rewrite::refuse, .confirm_prune = report.confirm_prune});
  CHECK(world.cluster.find(default_map("z")) == nullptr);
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE(
    "a set whose names all changed waits for its confirmation however often it is looked at") {
  PassWorld world;
  std::string old_names;
  std::string new_names;
  for (char c = 'a'; c <= 'o'; ++c) {
    old_names += config_map_yaml(std::string("old-") + c);
    new_names += config_map_yaml(std::string("new-") + c);
  }
  world.commit('1', old_names);
  world.pass();
  world.commit('2', new_names);
  // As if it had been killed after its last apply.
  world.cluster.fail_next_applies(default_map("new-o"), {ErrorKind::invalid, "refused"}, 1);
  world.pass();
  for (int i = 0; i < 3; ++i) {
    const PassReport report = world.pass();
    CHECK_FALSE(report.confirm_prune.empty());
    REQUIRE(world.cluster.find(default_map("old-a")) != nullptr);
    world.restart();
  }
  const std::string hash = world.pass().confirm_prune;
  CHECK(world.pass({.rewrite = Rewrite::refuse, .confirm_prune = hash}).problems.empty());
  CHECK(world.cluster.find(default_map("old-a")) == nullptr);
  CHECK(world.cluster.find(default_map("new-a")) != nullptr);
}

TEST_CASE("the report carries what confirms the deletion of kept data") {
  PassWorld world;
  const std::string space = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: old}\n";
  world.commit('1', config_map_yaml("a") + space);
  CHECK(world.pass().confirm_prune.empty());
  world.commit('2', config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK(world.cluster.find({"", "Namespace", "", "old"}) != nullptr);
  CHECK_FALSE(report.confirm_prune.empty());
  world.pass({.rewrite = Rewrite::refuse, .confirm_prune = report.confirm_prune});
  CHECK(world.cluster.find({"", "Namespace", "", "old"}) == nullptr);
}

TEST_CASE("a full disk is told and does not keep the cluster from converging") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.store.is_full = true;
  const PassReport report = world.pass();
  CHECK(world.cluster.find(default_map("a")) != nullptr);
  CHECK(report.worst == ErrorKind::unavailable);
}

TEST_CASE("a namespaced object without a namespace lands in default and settles") {
  PassWorld world;
  world.commit('1', "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
  world.pass();
  CHECK(world.cluster.find(default_map("a")) != nullptr);
  CHECK(world.pass().changes == 0);
}

TEST_CASE("the same object with and without its default namespace is an error") {
  PassWorld world;
  world.commit('1',
               "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n" + config_map_yaml("a"));
  CHECK(world.pass().worst == ErrorKind::invalid);
  CHECK(world.cluster.find(default_map("a")) == nullptr);
}

}  // namespace
}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.hpp"

#include "resource/applyset.hpp"
#include "support/plan_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace primocane {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("an object that does not exist is created") {
  PlanWorld world;
  world.desire(config_map("a"));
  CHECK(world.changes() == Lines{"create ConfigMap/home/a: new in Git"});
}

TEST_CASE("an object whose desired bytes and Apply entry are unchanged is not applied again") {
  PlanWorld world;
  world.settled(config_map("a"));
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->is_empty());
  CHECK(plan->unchanged.at(world.name) == 1);
}

TEST_CASE("an object whose desired bytes changed is applied") {
  PlanWorld world;
  world.desire(config_map("a"), "new");
  world.live(config_map("a"));
  world.record(config_map("a"), "old");
  CHECK(world.changes() == Lines{"change ConfigMap/home/a: changed in Git"});
}

TEST_CASE("an object whose fields were taken is reverted, and carries its uid") {
  PlanWorld world;
  world.settled(config_map("a"));
  world.live(config_map("a")).entry->fields = fingerprint("fewer");
  LiveObject& live = world.view.labelled.at(config_map("a"));
  live.last_manager = "kubectl-edit";
  live.last_manager_time = "2999-01-01T00:00:00Z";
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  REQUIRE(plan->stages.size() == 1);
  const Change& change = plan->stages.front().changes.front();
  CHECK(change.action == Action::revert);
  CHECK(change.uid == "uid of ConfigMap/home/a");
  CHECK(change.manager == "kubectl-edit");
}

TEST_CASE("an object of which a person's tool set fields is reverted, unless it rests or merges") {
  PlanWorld world;
  world.settled(config_map("a"));
  world.live(config_map("a")).tool = "kubectl-edit";
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan->stages.size() == 1);
  const Change& change = plan->stages.front().changes.front();
  CHECK(change.reason == "fields were set by hand");
  CHECK(change.manager == "kubectl-edit");
  CHECK(change.tool == "kubectl-edit");
  world.resting.insert(config_map("a"));
  CHECK(world.plan()->is_empty());
  world.resting.clear();
  world.objects.front().is_merged = true;
  CHECK(world.plan()->is_empty());
}

TEST_CASE("any other reason to apply an object takes over what a person's tool has set") {
  PlanWorld world;
  world.desire(config_map("a"), "new");
  world.live(config_map("a")).tool = "kubectl-edit";
  world.record(config_map("a"), "old");
  CHECK(world.plan()->stages.front().changes.front().tool == "kubectl-edit");
}

TEST_CASE("what rests is not reverted, but what Git has changed is applied") {
  PlanWorld world;
  world.settled(config_map("a"));
  world.live(config_map("a")).entry->fields = fingerprint("fewer");
  world.resting.insert(config_map("a"));
  CHECK(world.plan()->is_empty());
  world.desire(config_map("b"), "new");
  world.live(config_map("b"));
  world.record(config_map("b"), "old");
  world.resting.insert(config_map("b"));
  CHECK(world.changes() == Lines{"change ConfigMap/home/b: changed in Git"});
}

TEST_CASE("an object of a kind that was not seen is refused with the reason, the others are not") {
  PlanWorld world;
  world.desire({"apps", "Deployment", "home", "web"});
  world.desire(config_map("a"));
  world.view.unseen.emplace(GroupKind{"apps", "Deployment"},
                            Error{ErrorKind::denied, "deployments is forbidden"});
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  REQUIRE(plan->refusals.size() == 1);
  CHECK(plan->refusals.front().id.kind == "Deployment");
  CHECK(plan->refusals.front().error.kind == ErrorKind::denied);
  CHECK(world.changes() == Lines{"create ConfigMap/home/a: new in Git"});
}

TEST_CASE("equal fields with another time are a second writer under our name") {
  PlanWorld world;
  world.settled(config_map("a"));
  world.live(config_map("a")).entry->time = "2026-11-23T20:00:00Z";
  CHECK(world.changes() ==
        Lines{"revert ConfigMap/home/a: another writer uses the field manager primocane"});
}

TEST_CASE("an object with stripped managedFields is reverted") {
  PlanWorld world;
  world.settled(config_map("a"));
  world.live(config_map("a")).entry.reset();
  CHECK(world.changes() == Lines{"revert ConfigMap/home/a: managedFields were stripped"});
}

TEST_CASE("an object that was deleted is made again") {
  PlanWorld world;
  world.desire(config_map("a"));
  world.record(config_map("a"));
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(world.changes() == Lines{"revert ConfigMap/home/a: was deleted"});
  CHECK(plan->stages.front().changes.front().uid.empty());
}

TEST_CASE("an object that was deleted and made by somebody else is taken over again") {
  PlanWorld world;
  world.settled(config_map("a"));
  world.live(config_map("a")).uid = "another";
  CHECK(world.changes() == Lines{"revert ConfigMap/home/a: was replaced"});
}

TEST_CASE("an object without its label is drift while it is desired") {
  PlanWorld world;
  world.desire(config_map("a"));
  world.record(config_map("a"));
  world.live_unlabelled(config_map("a"));
  CHECK(world.changes() == Lines{"revert ConfigMap/home/a: its ApplySet label was removed"});
}

TEST_CASE("an object without its label is never pruned when it is not desired") {
  PlanWorld world;
  world.settled(config_map("b"));
  world.record(config_map("a"));
  world.live_unlabelled(config_map("a"));
  CHECK(world.removals().empty());
}

TEST_CASE("a member that is not known here is applied to be sure") {
  PlanWorld world;
  world.desire(config_map("a"));
  world.live(config_map("a"));
  CHECK(world.changes() == Lines{"verify ConfigMap/home/a: not known here"});
}

TEST_CASE("an existing object that belongs to nobody is adopted") {
  PlanWorld world;
  world.desire(config_map("a"));
  world.live_unlabelled(config_map("a"));
  CHECK(world.changes() == Lines{"adopt ConfigMap/home/a: existed and belongs to nobody"});
}

TEST_CASE("an existing object of another tool is a conflict that names the owner") {
  PlanWorld world;
  world.desire(config_map("a"));
  world.settled(config_map("b"));
  world.live_unlabelled(config_map("a")).foreign_owner = {.tool = "Helm release home/web"};
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  REQUIRE(plan->refusals.size() == 1);
  CHECK(plan->refusals.front().error.kind == ErrorKind::conflict);
  CHECK(plan->refusals.front().error.message.find("Helm release home/web") != std::string::npos);
  CHECK(plan->refusals.front().error.message.find("apps.yaml:1") != std::string::npos);
  CHECK(plan->is_empty());
}

TEST_CASE("an object of another tool's ApplySet is a conflict") {
  PlanWorld world;
  world.desire(config_map("a"));
  world.live(config_map("a")).part_of = "applyset-of-kubectl-v1";
  world.view.foreign_parents["applyset-of-kubectl-v1"] = "the ApplySet web of kubectl/v1.35";
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  REQUIRE(plan->refusals.size() == 1);
  CHECK(plan->refusals.front().error.message.find("kubectl/v1.35") != std::string::npos);
}

TEST_CASE("an object of an ApplySet whose parent lies elsewhere is a conflict") {
  PlanWorld world;
  world.desire(config_map("a"));
  LiveObject& live = world.live(config_map("a"));
  live.part_of = "applyset-of-kubectl-v1";
  live.entry.reset();
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  REQUIRE(plan->refusals.size() == 1);
  CHECK(plan->refusals.front().error.kind == ErrorKind::conflict);
  CHECK(plan->refusals.front().error.message.find("applyset-of-kubectl-v1") != std::string::npos);
  CHECK(plan->is_empty());
}

TEST_CASE("a member that we wrote for a set that is gone is adopted") {
  PlanWorld world;
  world.desire(config_map("a"));
  world.live(config_map("a")).part_of = "applyset-gone-v1";
  CHECK(world.changes() == Lines{"adopt ConfigMap/home/a: existed and belongs to nobody"});
}

TEST_CASE("an object of ours whose label another tool changed is reverted") {
  PlanWorld world;
  world.settled(config_map("a"));
  LiveObject& live = world.live(config_map("a"));
  live.part_of = "applyset-of-kubectl-v1";
  live.entry->owns_part_of_label = false;
  CHECK(world.changes() == Lines{"revert ConfigMap/home/a: its ApplySet label was changed"});
}

TEST_CASE("a copy with our label that is desired is adopted like any other object") {
  PlanWorld world;
  world.desire(config_map("a"));
  world.live(config_map("a")).entry.reset();
  CHECK(world.changes() == Lines{"adopt ConfigMap/home/a: existed and belongs to nobody"});
}

TEST_CASE("an object that moves between Kustomizations is taken over, not deleted") {
  PlanWorld world;
  const KustomizationName other{"flux-system", "apps"};
  const Parent& parent = world.other_parent(other);
  world.desire(config_map("a"));
  world.live(config_map("a")).part_of = parent.id;
  CHECK(world.changes() == Lines{"change ConfigMap/home/a: moved here from flux-system/apps"});
  CHECK(world.removals().empty());
}

const KustomizationName apps{"flux-system", "apps"};

// What becomes of "a", which two Kustomizations desire.
Plan plan_of_rivals(const PlanWorld& world, bool other_is_current) {
  const Result<DesiredSet> ours = DesiredSet::make(world.name, world.objects);
  const Result<DesiredSet> theirs = DesiredSet::make(apps, world.objects);
  REQUIRE(ours);
  REQUIRE(theirs);
  return make_plan(
      {.desires = {{.name = ours->name(), .set = &*ours}},
       .others = {{.name = theirs->name(), .set = &*theirs, .is_current = other_is_current}},
       .view = world.view,
       .index = world.index});
}

TEST_CASE("an object that two Kustomizations desire is refused to one, and the error names both") {
  PlanWorld world;
  world.desire(config_map("a"));
  const Plan plan = plan_of_rivals(world, true);
  CHECK(plan.stages.empty());
  REQUIRE(plan.refusals.size() == 1);
  CHECK(plan.refusals.front().kustomization == world.name);
  const Error& error = plan.refusals.front().error;
  CHECK(error.kind == ErrorKind::invalid);
  CHECK(error.message.find("primocane-system/root") != std::string::npos);
  CHECK(error.message.find("flux-system/apps") != std::string::npos);
}

TEST_CASE("the Kustomization that has an object keeps it from another that desires it too") {
  PlanWorld world;
  world.settled(config_map("a"));
  const Plan plan = plan_of_rivals(world, true);
  CHECK(plan.refusals.empty());
  CHECK(plan.unchanged.at(world.name) == 1);
}

TEST_CASE("an object moves once the Kustomization that had it is known to have let it go") {
  PlanWorld world;
  world.desire(config_map("a"));
  const Plan plan = plan_of_rivals(world, false);
  CHECK(plan.stages.empty());
  CHECK(plan.refusals.empty());
  CHECK(plan.postponed.size() == 1);
}

TEST_CASE("what is primocane's own cannot be declared in Git") {
  const auto forbidden = [](const ResourceId& id) {
    PlanWorld world;
    world.desire(id);
    const Result<DesiredSet> set = DesiredSet::make(world.name, world.objects);
    REQUIRE(set);
    const Result<void> refused = refuse_what_is_ours(*set);
    return !refused && refused.error().kind == ErrorKind::invalid &&
           refused.error().message.find("apps.yaml:1") != std::string::npos;
  };
  CHECK(forbidden({"", "Namespace", "", "primocane-system"}));
  CHECK(forbidden({"", "ConfigMap", "primocane-system", "primocane-system.root"}));
}

TEST_CASE("an object that is being deleted comes back after that, not before") {
  PlanWorld world;
  world.settled(config_map("a"));
  world.live(config_map("a")).is_terminating = true;
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->is_empty());
  REQUIRE(plan->postponed.size() == 1);
  CHECK(plan->postponed.front().id == config_map("a"));
}

TEST_CASE("a Job that its time to live removed is made again only when its rendering changes") {
  PlanWorld world;
  const ResourceId job{"batch", "Job", "home", "migrate"};
  const std::string body = R"({"spec":{"ttlSecondsAfterFinished":60}})";
  world.desire(job, body);
  world.record(job, body);
  CHECK(world.changes().empty());
  world.record(job, "another");
  CHECK(world.changes() == Lines{"create Job/home/migrate: changed in Git"});
}

TEST_CASE("without a record the parent tells which Jobs with a time to live were made") {
  PlanWorld world;
  const ResourceId job{"batch", "Job", "home", "migrate"};
  const std::string body = R"({"spec":{"ttlSecondsAfterFinished":60}})";
  world.desire(job, body);
  Parent& parent = world.view.parents.at(applyset_id(world.name)).parent;
  parent.rendering = DesiredSet::make(world.name, world.objects)->hash();
  CHECK(world.changes() == Lines{"create Job/home/migrate: new in Git"});
  parent.jobs[job] = fingerprint(body);
  CHECK(world.changes().empty());
  parent.jobs[job] = fingerprint("another");
  CHECK(world.changes() == Lines{"create Job/home/migrate: changed in Git"});
}

TEST_CASE("a Job without a time to live that vanished is drift") {
  PlanWorld world;
  const ResourceId job{"batch", "Job", "home", "migrate"};
  world.desire(job, "{}");
  world.record(job, "{}");
  CHECK(world.changes() == Lines{"revert Job/home/migrate: was deleted"});
}

TEST_CASE("stages come in Flux's order") {
  PlanWorld world;
  world.desire({"apps", "Deployment", "home", "web"});
  world.desire({"networking.k8s.io", "IngressClass", "", "traefik"});
  world.desire({"", "Namespace", "", "home"});
  world.desire({"", "ServiceAccount", "home", "web"});
  world.desire({"apiextensions.k8s.io", "CustomResourceDefinition", "", "things.example.org"});
  CHECK(world.changes() == Lines{
                               "create CustomResourceDefinition/things.example.org: new in Git",
                               "create Namespace/home: new in Git",
                               "create IngressClass/traefik: new in Git",
                               "create ServiceAccount/home/web: new in Git",
                               "create Deployment/home/web: new in Git",
                           });
}

TEST_CASE("an object that Git says to leave alone is neither made nor changed") {
  PlanWorld world;
  world.desire(config_map("new")).apply_when = ApplyWhen::never;
  world.settled(config_map("old"));
  world.objects.back().apply_when = ApplyWhen::never;
  world.live(config_map("old")).entry.reset();
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->is_empty());
  CHECK(plan->unchanged.at(world.name) == 2);
}

TEST_CASE("what is only watched is told and left, until Git says something else of it") {
  PlanWorld world;
  world.settled(config_map("a"));
  world.objects.back().drift = DriftMode::detect;
  world.live(config_map("a")).entry.reset();
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->is_empty());
  REQUIRE(plan->drifted.size() == 1);
  CHECK(plan->drifted.front().id == config_map("a"));
  CHECK(plan->drifted.front().reason == "managedFields were stripped");
  CHECK(plan->drifted.front().kustomization == world.name);
  CHECK_FALSE(plan->unchanged.contains(world.name));
  world.objects.back().hash = fingerprint("new");
  CHECK(world.changes().size() == 1);
}

TEST_CASE("an object that the cluster says to leave alone is left alone") {
  PlanWorld world;
  world.settled(config_map("a"));
  world.live(config_map("a")).is_excluded = true;
  world.index.clear();
  CHECK(world.changes().empty());
}

TEST_CASE("an object that is applied only where it is absent is made once") {
  PlanWorld world;
  world.desire(config_map("a")).apply_when = ApplyWhen::absent;
  CHECK(world.changes() == Lines{"create ConfigMap/home/a: new in Git"});
  world.live_unlabelled(config_map("a"));
  CHECK(world.changes().empty());
}

TEST_CASE("an object that is annotated so in the cluster may be made anew") {
  PlanWorld world;
  world.desire(config_map("a"));
  world.live_unlabelled(config_map("a")).is_forced = true;
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->stages.front().changes.front().may_recreate);
}

TEST_CASE("an object may be made anew if it or its Kustomization says so") {
  PlanWorld world;
  const auto may_recreate = [&world] {
    const Result<WholePlan> plan = world.plan();
    REQUIRE(plan);
    return plan->stages.front().changes.front().may_recreate;
  };
  DesiredObject& object = world.desire(config_map("a"));
  CHECK_FALSE(may_recreate());
  object.is_forced = true;
  CHECK(may_recreate());
}

}  // namespace
}  // namespace primocane

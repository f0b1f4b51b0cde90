// SPDX-License-Identifier: Apache-2.0
#include "plan/prune.hpp"

#include "resource/applyset.hpp"
#include "support/plan_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace primocane {
namespace {

using Lines = std::vector<std::string>;

const ResourceId claim{"", "PersistentVolumeClaim", "home", "media"};

TEST_CASE("a member that left Git is deleted with uid and resourceVersion as preconditions") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(config_map("gone"));
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  REQUIRE(plan->prune.removals.size() == 1);
  const Removal& removal = plan->prune.removals.front();
  CHECK(removal.id == config_map("gone"));
  CHECK(removal.uid == "uid of ConfigMap/home/gone");
  CHECK(removal.resource_version == "7");
}

TEST_CASE("deletions run in the reverse of the order of applying") {
  PlanWorld world;
  world.settlers(20);
  world.live({"", "ServiceAccount", "home", "web"});
  world.live({"apps", "Deployment", "home", "web"});
  world.live({"networking.k8s.io", "IngressClass", "", "traefik"});
  world.live({"", "Service", "home", "web"});
  CHECK(world.removals() == Lines{"Deployment/home/web", "Service/home/web",
                                  "ServiceAccount/home/web", "IngressClass/traefik"});
}

TEST_CASE("a label without our Apply entry is a copy and never pruned") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(config_map("copy")).entry.reset();
  world.live(config_map("copy2")).entry->owns_part_of_label = false;
  CHECK(world.removals().empty());
}

TEST_CASE("an object with a controller owner is never pruned") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(config_map("owned")).has_controller_owner = true;
  CHECK(world.removals().empty());
}

TEST_CASE("an object that is already being deleted is not deleted again") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(config_map("gone")).is_terminating = true;
  CHECK(world.removals().empty());
}

TEST_CASE("prune: disabled is kept and reported, whether in Git last or on the object") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(config_map("live")).prune_disabled = true;
  world.live(config_map("marked"));
  world.view.parents.at(applyset_id(world.name)).parent.prune_marks[config_map("marked")] =
      PruneMark::disabled;
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->prune.removals.empty());
  CHECK(plan->prune.kept.size() == 2);
}

TEST_CASE("Namespaces, PersistentVolumeClaims and CRDs are kept and reported") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(claim);
  world.live({"", "Namespace", "", "home"});
  world.live({"apiextensions.k8s.io", "CustomResourceDefinition", "", "things.example.org"});
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->prune.removals.empty());
  CHECK(plan->prune.kept.size() == 3);
  CHECK_FALSE(plan->prune.confirmation.empty());
}

TEST_CASE("a kind that holds data is deleted if the last rendering allowed it") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(claim);
  world.view.parents.at(applyset_id(world.name)).parent.prune_marks[claim] = PruneMark::allowed;
  CHECK(world.removals() == Lines{"PersistentVolumeClaim/home/media"});
}

TEST_CASE("a kind that holds data is deleted with prune.dataKinds: flux") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(claim);
  world.prune.data_kinds = DataKinds::flux;
  CHECK(world.removals() == Lines{"PersistentVolumeClaim/home/media"});
}

TEST_CASE("a kind that holds data is deleted once exactly that list is confirmed") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(claim);
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  world.prune.confirmed = plan->prune.confirmation;
  CHECK(world.removals() == Lines{"PersistentVolumeClaim/home/media"});
  world.live({"", "Namespace", "", "old"});
  CHECK(world.removals().empty());
  CHECK_FALSE(world.plan()->prune.is_confirmed);
}

TEST_CASE("the confirmation of what holds data outlives the deletions of the pass that told it") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(claim);
  world.live(config_map("goes"));
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  REQUIRE(plan->prune.removals.size() == 1);
  world.view.labelled.erase(config_map("goes"));
  world.prune.confirmed = plan->prune.confirmation;
  CHECK(world.plan()->prune.is_confirmed);
  CHECK(world.removals() == Lines{"PersistentVolumeClaim/home/media"});
}

TEST_CASE("too many deletions and what holds data are confirmed apart or together") {
  PlanWorld world;
  world.settlers(100);
  world.leavers(21);
  world.live(claim);
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  REQUIRE(plan->prune.refusal);
  world.prune.confirmed = plan->prune.refusal->hash;
  CHECK(world.removals().size() == 21);
  CHECK(world.plan()->prune.kept.size() == 1);
  world.prune.confirmed = plan->prune.confirmation;
  CHECK(world.removals().size() == 22);
  CHECK(world.plan()->prune.kept.empty());
}

TEST_CASE("only what holds data can be confirmed, not what is annotated to be kept") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(claim);
  world.live(config_map("annotated")).prune_disabled = true;
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  for (const Kept& kept : plan->prune.kept) CHECK(kept.is_confirmable == (kept.id == claim));
  world.prune.confirmed = plan->prune.confirmation;
  CHECK(world.removals() == Lines{"PersistentVolumeClaim/home/media"});
}

TEST_CASE("more deletions than prune.maxDeletions delete nothing until they are confirmed") {
  PlanWorld world;
  world.settlers(100);
  world.leavers(21);
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->prune.removals.empty());
  REQUIRE(plan->prune.refusal);
  CHECK(plan->prune.refusal->removals.size() == 21);
  world.prune.confirmed = plan->prune.refusal->hash;
  CHECK(world.removals().size() == 21);
}

TEST_CASE("a confirmation holds for exactly the list that was shown") {
  PlanWorld world;
  world.settlers(100);
  world.leavers(21);
  const Result<WholePlan> shown = world.plan();
  REQUIRE(shown);
  world.prune.confirmed = shown->prune.refusal->hash;
  world.live(config_map("one-more"));
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->prune.removals.empty());
  CHECK(plan->prune.refusal);
}

TEST_CASE("the confirmation of a list does not hold for other incarnations of its objects") {
  PlanWorld world;
  world.settlers(100);
  world.leavers(21);
  const Result<WholePlan> shown = world.plan();
  REQUIRE(shown);
  world.prune.confirmed = shown->prune.refusal->hash;
  world.live(config_map("gone-000")).uid = "made anew";
  CHECK(world.removals().empty());
}

TEST_CASE("as many deletions as prune.maxDeletions are carried out") {
  PlanWorld world;
  world.settlers(100);
  world.leavers(20);
  CHECK(world.removals().size() == 20);
}

TEST_CASE("more than half of a set of more than ten is not deleted unconfirmed") {
  PlanWorld world;
  world.settlers(5);
  world.leavers(6);
  CHECK(world.removals().empty());
}

TEST_CASE("half of a set is deleted") {
  PlanWorld world;
  world.settlers(6);
  world.leavers(6);
  CHECK(world.removals().size() == 6);
}

TEST_CASE("a set of ten may lose more than half") {
  PlanWorld world;
  world.settlers(1);
  world.leavers(9);
  CHECK(world.removals().size() == 9);
}

TEST_CASE("a set whose Kustomization left Git is exempt from the half, not from the maximum") {
  PlanWorld world;
  world.settlers(1);
  const std::string other = world.other_parent({"flux-system", "apps"}).id;
  for (int i = 0; i < 15; ++i) world.live(config_map("left-" + std::to_string(i))).part_of = other;
  CHECK(world.removals().size() == 15);
  for (int i = 15; i < 25; ++i) world.live(config_map("left-" + std::to_string(i))).part_of = other;
  CHECK(world.removals().empty());
}

TEST_CASE("members whose label names no parent are reported and never pruned unasked") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(config_map("lost")).part_of = "applyset-of-nobody-v1";
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->prune.removals.empty());
  CHECK(plan->prune.orphans == std::vector{config_map("lost")});
}

TEST_CASE("members of a set in Git whose parent was deleted wait until it is made again") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(config_map("gone"));
  world.view.parents.clear();
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->prune.removals.empty());
  CHECK(plan->prune.orphans.empty());
}

TEST_CASE("members of another tool's set are none of our business") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(config_map("theirs")).part_of = "applyset-of-kubectl-v1";
  world.view.foreign_parents["applyset-of-kubectl-v1"] = "kubectl";
  const Result<WholePlan> plan = world.plan();
  REQUIRE(plan);
  CHECK(plan->prune.removals.empty());
  CHECK(plan->prune.orphans.empty());
}

TEST_CASE("nothing is pruned while one Kustomization has no desired set") {
  PlanWorld world;
  world.live(config_map("gone"));
  world.settled(config_map("stays"));
  const Result<DesiredSet> set = DesiredSet::make(world.name, world.objects);
  REQUIRE(set);
  const std::vector<Desire> desires{{.name = set->name(), .set = &*set},
                                    {.name = {"flux-system", "apps"}, .set = nullptr}};
  CHECK(plan_prune_of(desires, world.view, {}).removals.empty());
}

TEST_CASE("the half counts by what there was before, not by what came in its place") {
  PlanWorld world;
  world.leavers(12);
  world.settlers(12);
  world.prune.deletions_max = 100;
  CHECK(world.removals().size() == 12);  // half of what is there
  world.view.parents.at(applyset_id(world.name)).parent.members = 13;
  CHECK(world.removals().empty());
  CHECK(world.plan()->prune.refusal.has_value());
}

TEST_CASE("what Git desires of another group of the same object is not deleted") {
  PlanWorld world;
  const ResourceId moved{"events.k8s.io", "Event", "home", "e"};
  const ResourceId old{"", "Event", "home", "e"};
  world.settled(moved);
  world.live(old).uid = world.live(moved).uid;
  CHECK(world.removals().empty());
}

TEST_CASE("what left a set in Git that does not prune is let go") {
  PlanWorld world;
  world.live(config_map("gone"));
  const Result<DesiredSet> set = DesiredSet::make(world.name, world.objects);
  REQUIRE(set);
  const std::vector<Desire> desires{{.name = world.name, .set = &*set, .is_pruning = false}};
  const PrunePlan plan = plan_prune_of(desires, world.view, {});
  CHECK(plan.removals.empty());
  CHECK(plan.kept.empty());
  REQUIRE(plan.let_go.size() == 1);
  CHECK(plan.let_go.front().id == config_map("gone"));
}

TEST_CASE("what left a set that does not prune and may not be touched is not even let go") {
  PlanWorld world;
  world.live(config_map("gone")).is_excluded = true;
  const Result<DesiredSet> set = DesiredSet::make(world.name, world.objects);
  REQUIRE(set);
  const std::vector<Desire> desires{{.name = world.name, .set = &*set, .is_pruning = false}};
  CHECK(plan_prune_of(desires, world.view, {}).let_go.empty());
}

TEST_CASE("what left Git waits for a Kustomization of which nobody knows what it desires") {
  PlanWorld world;
  const Result<DesiredSet> set = DesiredSet::make(world.name, world.objects);
  REQUIRE(set);
  const KustomizationName unknown{"flux-system", "unknown"};
  const std::vector<Desire> desires{{.name = world.name, .set = &*set}, {.name = unknown}};
  CHECK_FALSE(plan_prune_of(desires, world.view, {}).waits_for);
  world.live(config_map("gone"));
  const PrunePlan plan = plan_prune_of(desires, world.view, {});
  CHECK(plan.waits_for == unknown);
  CHECK(plan.removals.empty());
}

TEST_CASE("the members of one that does not run neither leave nor count") {
  PlanWorld world;
  for (int i = 0; i < 12; ++i) world.live(config_map(fmt::format("m{}", i)));
  const Result<DesiredSet> none = DesiredSet::make(world.name, {});
  REQUIRE(none);
  const std::vector<Desire> resting{{.name = world.name, .set = &*none, .loses_nothing = true}};
  const PrunePlan plan = plan_prune_of(resting, world.view, {});
  CHECK(plan.removals.empty());
  CHECK(plan.let_go.empty());
  CHECK_FALSE(plan.refusal);
  CHECK_FALSE(plan_prune_of({{.name = world.name}}, world.view, {}).waits_for);
}

TEST_CASE("members of a set that left Git go as its deletion policy says") {
  const auto removals = [](OnRemoval on_removal, const ResourceId& id) {
    PlanWorld world;
    world.settled(config_map("stays"));
    const KustomizationName gone{"flux-system", "gone"};
    world.other_parent(gone).on_removal = on_removal;
    world.live(id).part_of = applyset_id(gone);
    return world.removals();
  };
  const ResourceId volume_claim{"", "PersistentVolumeClaim", "home", "data"};
  CHECK(removals(OnRemoval::prune, config_map("a")).size() == 1);
  CHECK(removals(OnRemoval::orphan, config_map("a")).empty());
  CHECK(removals(OnRemoval::remove, config_map("a")).size() == 1);
  CHECK(removals(OnRemoval::prune, volume_claim).empty());
  CHECK(removals(OnRemoval::remove, volume_claim).size() == 1);
}

TEST_CASE("what the cluster says to leave alone is not pruned") {
  PlanWorld world;
  world.settled(config_map("stays"));
  world.live(config_map("gone")).is_excluded = true;
  CHECK(world.removals().empty());
}

}  // namespace
}  // namespace primocane

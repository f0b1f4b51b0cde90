// SPDX-License-Identifier: Apache-2.0
// Specification of Fights.
#include "reconcile/fights.hpp"

#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

const ResourceId web{"apps", "Deployment", "home", "web"};

Opponent hpa() { return {.manager = "kube-controller-manager", .fields = {".spec.replicas"}}; }

// Reverts `times` at `now`, which it returns moved on by a second each.
SteadyTime revert(Fights& fights, SteadyTime now, int times) {
  for (int i = 0; i < times; ++i) {
    fights.note(web, now, hpa());
    now += 1s;
  }
  return now;
}

}  // namespace

TEST_CASE("five reverts in a minute are no fight, the sixth is") {
  Fights fights;
  const SteadyTime now = revert(fights, SteadyTime{}, 5);
  CHECK(fights.resting(now).empty());
  CHECK(fights.opponent(web) == nullptr);
  fights.note(web, now, hpa());
  CHECK(fights.resting(now).contains(web));
  CHECK(fights.rest_end(web, now) == now + 2s);
  REQUIRE(fights.opponent(web) != nullptr);
  CHECK(*fights.opponent(web) == hpa());
  CHECK(fights.resting(now + 2s).empty());
}

TEST_CASE("six reverts in more than a minute are no fight") {
  Fights fights;
  const SteadyTime now = revert(fights, SteadyTime{}, 5) + 1min;
  fights.note(web, now, hpa());
  CHECK(fights.opponent(web) == nullptr);
}

TEST_CASE("rests double up to five minutes") {
  Fights fights;
  SteadyTime now = revert(fights, SteadyTime{}, 6);
  std::vector<Duration> rests;
  for (int i = 0; i < 9; ++i) {
    now = fights.rest_end(web, now - 1s).value();
    fights.note(web, now, hpa());
    rests.push_back(*fights.rest_end(web, now) - now);
    now += 1s;
  }
  CHECK(rests == std::vector<Duration>{4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s});
}

TEST_CASE("after ten calm minutes a fight is forgotten") {
  Fights fights;
  SteadyTime now = revert(fights, SteadyTime{}, 6) + 12min;
  CHECK(fights.resting(now).empty());
  CHECK(fights.opponent(web) == nullptr);
  now = revert(fights, now, 5);
  CHECK(fights.resting(now).empty());
}

TEST_CASE("what is told of a fight names the other, the fields and what to do") {
  CHECK(describe_fight(hpa()) ==
        "kube-controller-manager changes it again and again (.spec.replicas), and it is reverted "
        "ever more rarely: do not declare replicas beside an autoscaler, or name the field in "
        "spec.ignore of the Kustomization");
  CHECK(describe_fight({}).starts_with("somebody changes it again and again, and"));
}

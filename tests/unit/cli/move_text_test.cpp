// SPDX-License-Identifier: Apache-2.0
// What `primocane adopt` and `primocane release` print, and how they end.
#include "cli/move_text.hpp"

#include "document/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {

namespace {

ResourceId map_named(std::string name) { return {"", "ConfigMap", "home", std::move(name)}; }

MovePlan two_objects() {
  MovePlan plan;
  plan.notes = {"ConfigMap/home/c belongs to Helm release home/c and is left to it"};
  plan.moves = {{.action = MoveAction::suspend,
                 .id = {"kustomize.toolkit.fluxcd.io", "Kustomization", "flux-system", "apps"},
                 .of = {}},
                {.action = MoveAction::take_over, .id = map_named("a"), .of = "flux-system/apps"},
                {.action = MoveAction::take_over, .id = map_named("b"), .of = "flux-system/apps"}};
  plan.objects = {{"flux-system/apps", 2}};
  return plan;
}

}  // namespace

TEST_CASE("the moves of an adoption are listed, and the objects of a Kustomization counted") {
  CHECK(describe_moves(two_objects(), Made::not_yet) ==
        "= ConfigMap/home/c belongs to Helm release home/c and is left to it\n"
        "~ Kustomization/flux-system/apps: suspend\n"
        "~ 2 objects of Kustomization flux-system/apps: take over\n"
        "3 steps to be done\n");
  CHECK(exit_code_of(two_objects(), Made::not_yet) == ExitCode::changes);
  CHECK(exit_code_of(two_objects(), Made::yes) == ExitCode::done);
}

TEST_CASE("an obstacle hides what can't be done anyway") {
  MovePlan plan = two_objects();
  plan.notes.clear();
  plan.obstacles = {"HelmRelease/home/web: `spec.postRenderers`\nis not served"};
  CHECK(describe_moves(plan, Made::not_yet) ==
        "! HelmRelease/home/web: `spec.postRenderers` is not served\n"
        "nothing is done before that is out of the way\n");
  CHECK(exit_code_of(plan, Made::yes) == ExitCode::failed);
}

TEST_CASE("a move that was made has nothing left") {
  CHECK(describe_moves({}, Made::yes) == "nothing is left to do\n");
  CHECK(exit_code_of(MovePlan{}, Made::not_yet) == ExitCode::done);
}

TEST_CASE("programs get each move with its Kustomization") {
  CHECK(
      write_json(write_moves(two_objects())) ==
      R"({"obstacles":[],)"
      R"("notes":["ConfigMap/home/c belongs to Helm release home/c and is left to it"],)"
      R"("kustomizations":[{"kustomization":"flux-system/apps","objects":2}],)"
      R"("moves":[{"action":"suspend","object":"Kustomization/flux-system/apps"},)"
      R"({"action":"take over","object":"ConfigMap/home/a","kustomization":"flux-system/apps"},)"
      R"({"action":"take over","object":"ConfigMap/home/b","kustomization":"flux-system/apps"}]})");
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_text.hpp"

#include "report/status.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>

namespace primocane {

namespace {

const WallTime at_dawn = *read_time("2026-11-30T05:00:00Z");

Explanation web() {
  Explanation told;
  told.object = "Deployment/home/web";
  told.api_version = "apps/v1";
  told.file = "apps/web/deployment.yaml";
  told.line = 3;
  told.revision = "main@sha1:0123456789abcdef0123456789abcdef01234567";
  told.kustomization = "flux-system/apps";
  told.containers = {"flux-system/flux-system"};
  told.source = "GitRepository/flux-system/home";
  told.path = "apps";
  return told;
}

DriftRecord scaled_at(WallTime time) {
  return {.time = time,
          .event = "drift-reverted",
          .object = "Deployment/home/web",
          .kustomization = "flux-system/apps",
          .reason = "fields of ours were taken",
          .manager = "kubectl-scale",
          .fields = ".spec.replicas",
          .duration = std::chrono::milliseconds(18)};
}

std::string described(Explanation told) {
  return describe_explanations({.objects = {std::move(told)}, .near = {}, .from = at_dawn});
}

}  // namespace

TEST_CASE("an explanation tells file, commit, Kustomization, state and changes") {
  Explanation told = web();
  told.last_manager = "k3s";
  told.last_manager_time = "2026-11-30T04:00:00Z";
  told.changes = {scaled_at(at_dawn)};
  CHECK(described(told) ==
        "Deployment/home/web  apps/v1\n"
        "  from           apps/web/deployment.yaml:3\n"
        "  commit         main@sha1:0123456789ab\n"
        "  Kustomization  flux-system/apps, in flux-system/flux-system\n"
        "  source         GitRepository/flux-system/home, path apps\n"
        "  state          as Git says\n"
        "  others         k3s, last 2026-11-30T04:00:00Z\n"
        "  changed        2026-11-30T05:00:00Z by kubectl-scale: .spec.replicas (put right in 18 "
        "ms)\n");
}

TEST_CASE("what generates an object, and what it stands for, is told") {
  Explanation generated = web();
  generated.is_generated = true;
  CHECK(described(generated).find("deployment.yaml:3, where it is generated\n") !=
        std::string::npos);
  Explanation chart = web();
  chart.release = "HelmRelease/home/web";
  CHECK(described(chart).find("deployment.yaml:3, for HelmRelease/home/web\n") !=
        std::string::npos);
}

TEST_CASE("what is wrong is told") {
  Explanation told = web();
  told.trouble = "build failed";
  told.state = ObjectState::failed;
  told.detail = "the server\nrefuses it \x1b[31m";
  CHECK(described(told).find("  not ready      build failed\n"
                             "  state          failed: the server refuses it ?[31m\n") !=
        std::string::npos);
}

TEST_CASE("that nobody changed it is told, and of many changes the newest") {
  CHECK(described(web()).ends_with("  changed        by nobody else since 2026-11-30T05:00:00Z\n"));
  Explanation told = web();
  for (int i = 0; i < 7; ++i) told.changes.push_back(scaled_at(at_dawn + std::chrono::hours(i)));
  const std::string text = described(told);
  CHECK(text.find("T06:00:00Z by") == std::string::npos);
  CHECK(text.find("T07:00:00Z by") != std::string::npos);
  CHECK(text.find("T11:00:00Z by") != std::string::npos);
  CHECK(text.ends_with("and 2 times before that: primocane drift\n"));
}

TEST_CASE("what is not desired is told with what may have been meant") {
  CHECK(describe_absence({.kind = "deployment", .name = "wbe", .namespace_name = "home"},
                         {"Deployment/home/web"}) ==
        "no Kustomization desires deployment/wbe in namespace home; did you mean "
        "Deployment/home/web?");
  CHECK(describe_absence({.kind = "deployment", .name = "\x1b", .namespace_name = ""}, {}) ==
        "no Kustomization desires deployment/?");
}

TEST_CASE("an explanation survives the way to a client") {
  Explanation told = web();
  told.is_generated = true;
  told.release = "HelmRelease/home/web";
  told.trouble = "trouble";
  told.state = ObjectState::left_alone;
  told.detail = "detail";
  told.last_manager = "k3s";
  told.last_manager_time = "2026-11-30T04:00:00Z";
  told.changes = {scaled_at(at_dawn)};
  const Value answer = Object{{"objects", Array{write_explanation(told)}},
                              {"near", Array{"a"}},
                              {"from", "2026-11-30T05:00:00Z"}};
  const Result<ExplainAnswer> read = read_explain_answer(answer);
  REQUIRE(read);
  CHECK(read->objects.front() == told);
  CHECK(read->near.front() == "a");
  CHECK_FALSE(read_explain_answer(Object()));
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Which of Flux's own programs an agent like this one can't work beside.
#include "flux/flux_controller.hpp"

#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace primocane;

namespace {

Value deployment_with(std::string_view name, std::string_view labels, std::string_view rest = {}) {
  return yaml_value(fmt::format("{{metadata: {{name: {}, namespace: flux-system, labels: {}}}{}}}",
                                name, labels, rest));
}

RunningFlux running(FluxProgram program, std::string name) {
  return {.program = program, .deployment = {"apps", "Deployment", "flux-system", std::move(name)}};
}

}  // namespace

TEST_CASE("a controller of Flux is known by its component, its name label or its name") {
  struct Case {
    std::string_view name;
    std::string_view labels;
    std::optional<FluxProgram> program;
  };
  const Case example = GENERATE(
      Case{"kustomize-controller", "{}", FluxProgram::kustomize_controller},
      Case{"kustomize-controller-shard1", "{}", FluxProgram::kustomize_controller},
      Case{"mine", "{app.kubernetes.io/component: kustomize-controller}",
           FluxProgram::kustomize_controller},
      Case{"helm-controller", "{app.kubernetes.io/component: helm-controller}",
           FluxProgram::helm_controller},
      Case{"release-flux-operator", "{app.kubernetes.io/name: flux-operator}",
           FluxProgram::flux_operator},
      Case{"source-controller", "{app.kubernetes.io/component: source-controller}", std::nullopt},
      Case{"notification-controller", "{}", std::nullopt}, Case{"''", "[odd]", std::nullopt});
  CHECK(flux_program_of(deployment_with(example.name, example.labels)) == example.program);
}

TEST_CASE("a deployment has pods when it is to have some or has some still") {
  const auto has = [](std::string_view rest) {
    return has_pods(deployment_with("kustomize-controller", "{}", rest));
  };
  CHECK(has(", spec: {replicas: 1}, status: {replicas: 1}"));
  CHECK(has(", spec: {replicas: 2}, status: {}"));
  CHECK(has(", spec: {replicas: 0}, status: {replicas: 1}"));
  CHECK(has(", spec: {}"));
  CHECK(has(""));
  CHECK(has(", spec: {replicas: odd}"));
  CHECK_FALSE(has(", spec: {replicas: 0}"));
  CHECK_FALSE(has(", spec: {replicas: 0}, status: {replicas: 0}"));
}

TEST_CASE("without any of them running there is no rival") {
  CHECK(find_rival({}, HelmReleasesInGit::yes) == nullptr);
}

TEST_CASE("the helm-controller alone is one only where there are HelmReleases") {
  const std::vector<RunningFlux> found{running(FluxProgram::helm_controller, "helm-controller")};
  CHECK(find_rival(found, HelmReleasesInGit::no) == nullptr);
  CHECK(find_rival(found, HelmReleasesInGit::yes) == &found[0]);
}

TEST_CASE("who starts the others again is named first") {
  const std::vector<RunningFlux> found{
      running(FluxProgram::helm_controller, "helm-controller"),
      running(FluxProgram::kustomize_controller, "kustomize-controller"),
      running(FluxProgram::flux_operator, "flux-operator")};
  CHECK(find_rival(found, HelmReleasesInGit::yes) == &found[2]);
  CHECK(find_rival(std::span(found).first(2), HelmReleasesInGit::yes) == &found[1]);
  CHECK(describe_rival(found[2]).find("kubectl scale deployment flux-operator -n flux-system") !=
        std::string::npos);
}

TEST_CASE("what is said names the controller, its namespace and what to do") {
  const std::string words =
      describe_rival(running(FluxProgram::kustomize_controller, "kustomize-controller"));
  for (const std::string_view part :
       {"kustomize-controller", "namespace flux-system", "primocane adopt flux"}) {
    INFO(part);
    CHECK(words.find(part) != std::string::npos);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "flux/kustomization_spec.hpp"

#include "document/yaml_reader.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace primocane {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Resource kustomization(std::string_view spec) {
  std::string text =
      "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
      "metadata:\n  name: apps\n  namespace: flux-system\nspec:\n";
  text += spec;
  Result<std::vector<Document>> documents = read_yaml(text, "apps.yaml", DocumentLimits{});
  REQUIRE(documents.has_value());
  Result<Resource> resource = Resource::make(documents->front().value, {.path = "apps.yaml"});
  REQUIRE(resource.has_value());
  return *resource;
}

constexpr std::string_view smallest =
    "  interval: 10m\n  prune: true\n  path: ./apps\n"
    "  sourceRef: {kind: GitRepository, name: home}\n";

KustomizationSpec spec_of(std::string_view more) {
  const Result<KustomizationSpec> spec =
      KustomizationSpec::read(kustomization(std::string(smallest) + std::string(more)));
  INFO((spec ? std::string() : spec.error().message));
  REQUIRE(spec.has_value());
  return *spec;
}

std::string error_of(std::string_view text) {
  const Result<KustomizationSpec> spec = KustomizationSpec::read(kustomization(text));
  REQUIRE_FALSE(spec.has_value());
  CHECK(spec.error().kind == ErrorKind::invalid);
  CHECK(spec.error().message.starts_with("apps.yaml:1: Kustomization/flux-system/apps: spec"));
  return spec.error().message;
}

bool says(const std::string& message, std::string_view words) {
  return message.find(words) != std::string::npos;
}

TEST_CASE("a Kustomization has Flux's defaults for what it does not say") {
  const KustomizationSpec spec = spec_of("");
  CHECK(spec.name == KustomizationName{"flux-system", "apps"});
  CHECK(spec.source == SourceReference{"GitRepository", "flux-system", "home"});
  CHECK(spec.path.str() == "apps");
  CHECK(spec.interval == minutes(10));
  CHECK(spec.retry_interval == minutes(10));
  CHECK(spec.timeout == minutes(9) + seconds(30));
  CHECK(spec.is_pruning);
  CHECK_FALSE(spec.is_suspended);
  CHECK_FALSE(spec.is_waiting);
  CHECK(spec.deletion_policy == DeletionPolicy::mirror_prune);
}

TEST_CASE("a timeout is at least half a minute") {
  CHECK(spec_of("  timeout: 5s\n").timeout == seconds(30));
  CHECK(spec_of("  timeout: 2m\n").timeout == minutes(2));
}

TEST_CASE("what a Kustomization depends on lies in its own namespace unless it says otherwise") {
  const KustomizationSpec spec =
      spec_of("  dependsOn:\n    - name: a\n    - {name: b, namespace: other}\n");
  REQUIRE(spec.depends_on.size() == 2);
  CHECK(spec.depends_on[0].name == KustomizationName{"flux-system", "a"});
  CHECK(spec.depends_on[1].name == KustomizationName{"other", "b"});
}

TEST_CASE("variables come from the Kustomization and from objects it names") {
  const KustomizationSpec spec = spec_of(
      "  postBuild:\n    substituteStrategy: Always\n    substitute: {ZONE: home}\n"
      "    substituteFrom:\n      - {kind: Secret, name: s, optional: true}\n");
  CHECK(spec.variables.at("ZONE") == "home");
  CHECK(spec.substitutes_always);
  REQUIRE(spec.variable_sources.size() == 1);
  CHECK(spec.variable_sources[0] == VariableSource{"Secret", "s", true});
}

TEST_CASE("a path that begins with a slash lies below the root of the source") {
  const Result<KustomizationSpec> spec =
      KustomizationSpec::read(kustomization("  interval: 10m\n  prune: true\n  path: /apps/\n"
                                            "  sourceRef: {kind: GitRepository, name: home}\n"));
  REQUIRE(spec.has_value());
  CHECK(spec->path.str() == "apps");
}

TEST_CASE("a field that a Kustomization does not have is an error that tells which was meant") {
  CHECK(says(error_of(std::string(smallest) + "  suspends: true\n"), "suspend\"?"));
  CHECK(says(error_of(std::string(smallest) + "  dependsOn: [{nam: a}]\n"), "spec.dependsOn[0]"));
}

TEST_CASE("what a Kustomization must say is asked for by name") {
  CHECK(says(error_of("  prune: true\n  sourceRef: {kind: GitRepository, name: home}\n"),
             "spec.interval is missing"));
  CHECK(says(error_of("  interval: 1m\n  sourceRef: {kind: GitRepository, name: home}\n"),
             "spec.prune is missing"));
  CHECK(says(error_of("  interval: 1m\n  prune: true\n"), "spec.sourceRef is missing"));
}

TEST_CASE("what is not served fails that Kustomization and says what to do") {
  CHECK(says(error_of("  interval: 1m\n  prune: true\n  sourceRef: {kind: Bucket, name: b}\n"),
             "Bucket is not served"));
  CHECK(says(error_of(std::string(smallest) + "  kubeConfig: {secretRef: {name: x}}\n"),
             "spec.kubeConfig is not served"));
}

TEST_CASE("fields that are left to others are read, and a wrong rule is told with its field") {
  const auto spec = read(std::string(smallest) + "  ignore: [{paths: [/spec/replicas]}]\n");
  REQUIRE(spec);
  CHECK(spec->build.ignore == yaml_value("[{paths: [/spec/replicas]}]"));
  CHECK(says(error_of(std::string(smallest) + "  ignore: [{paths: [/a, '']}]\n"),
             "spec.ignore[0].paths[1] must be a JSON pointer"));
}

TEST_CASE("an expression that is none is an error that names its field") {
  CHECK(says(error_of(std::string(smallest) + "  dependsOn: [{name: a, readyExpr: 'dep.('}]\n"),
             "spec.dependsOn[0].readyExpr"));
  CHECK(says(error_of(std::string(smallest) +
                      "  healthCheckExprs: [{apiVersion: a/v1, kind: B, current: 'nope('}]\n"),
             "healthCheckExprs[0].current"));
}

TEST_CASE("a path that leaves the source is an error") {
  CHECK(says(error_of("  interval: 1m\n  prune: true\n  path: ../x\n"
                      "  sourceRef: {kind: GitRepository, name: home}\n"),
             "spec.path"));
}

}  // namespace
}  // namespace primocane

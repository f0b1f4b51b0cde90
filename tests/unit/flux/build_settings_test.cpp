// SPDX-License-Identifier: Apache-2.0
#include "flux/build_settings.hpp"

#include "document/json.hpp"
#include "flux/kustomization_spec.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {
namespace {

constexpr std::string_view head =
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
    "metadata: {name: apps, namespace: flux-system}\n"
    "spec:\n  interval: 1m\n  prune: true\n  sourceRef: {kind: GitRepository, name: home}\n";

Result<KustomizationSpec> read(std::string_view fields) {
  return KustomizationSpec::read(yaml_resource(std::string(head) + std::string(fields)));
}

constexpr std::string_view all_fields =
    "  targetNamespace: home\n"
    "  namePrefix: a-\n"
    "  nameSuffix: -z\n"
    "  patches:\n"
    "  - patch: |\n"
    "      - {op: remove, path: /spec}\n"
    "    target: {group: apps, version: v1, kind: Deployment, name: web, namespace: x,\n"
    "             labelSelector: a=b, annotationSelector: c=d}\n"
    "  - patch: 'kind: X'\n"
    "  components: [../one, ../two]\n"
    "  ignoreMissingComponents: true\n"
    "  images: [{name: nginx, newName: n, newTag: '1', digest: 'sha256:aa'}]\n"
    "  buildMetadata: [originAnnotations]\n"
    "  commonMetadata: {labels: {a: b}, annotations: {c: d}}\n"
    "  postBuild: {substituteStrategy: Always, substitute: {A: '1'}}\n";

TEST_CASE("what a Kustomization says about its build is read") {
  const auto spec = read(all_fields);
  REQUIRE(spec);
  const BuildSettings& build = spec->build;
  CHECK(build.target_namespace == "home");
  REQUIRE(build.patches.size() == 2);
  CHECK(build.patches[0].target->annotation_selector == "c=d");
  CHECK_FALSE(build.patches[1].target);
  CHECK(build.components == std::vector<std::string>{"../one", "../two"});
  CHECK(build.images.front().digest == "sha256:aa");
  CHECK(build.common_annotations.at("c") == "d");
  CHECK(build.variables.at("A") == "1");
  CHECK(build.strategy == SubstituteStrategy::always);
}

TEST_CASE("settings that are written can be read again, whatever the variables hold") {
  BuildSettings settings = read(all_fields)->build;
  settings.variables.emplace("BYTES", std::string("\xFF\0\n", 3));
  const auto again =
      read_build_settings(read_json(write_json(write_build_settings(settings)), "x").value());
  REQUIRE(again);
  CHECK(*again == settings);
  CHECK(read_build_settings(write_build_settings({})).value() == BuildSettings());
  CHECK_FALSE(read_build_settings(Value()));
}

TEST_CASE("a component outside of the source is refused") {
  for (const char* const path :
       {"https://example.org/x", "github.com/org/repo", "GIT@host:a", "/etc", "file:///etc"}) {
    CAPTURE(path);
    CHECK_FALSE(read(std::string("  components: ['") + path + "']\n"));
  }
  CHECK(read("  components: [gh, ../../x, ./y]\n"));
}

TEST_CASE("a field of the build that is wrong is named") {
  const auto message = [](std::string_view fields) {
    const auto spec = read(fields);
    return spec ? std::string() : spec.error().message;
  };
  CHECK(message("  patches: [{target: {kind: X}}]\n").find("spec.patches[0].patch is missing") !=
        std::string::npos);
  CHECK(message("  images: [{name: a, tag: b}]\n").find("spec.images[0].tag") != std::string::npos);
  CHECK(message("  patches: [{patch: x, target: {kinds: X}}]\n").find("target.kinds") !=
        std::string::npos);
  CHECK(message("  targetNamespace: 1\n").find("must be a string") != std::string::npos);
}

}  // namespace
}  // namespace primocane

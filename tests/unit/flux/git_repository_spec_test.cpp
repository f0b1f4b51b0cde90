// SPDX-License-Identifier: Apache-2.0
// Specification of what is read from a GitRepository.
#include "flux/git_repository_spec.hpp"

#include "document/yaml_reader.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace primocane {

namespace {

using Reference = GitRepositorySpec::Reference;

Result<GitRepositorySpec> read_spec(const std::string& more,
                                    ReachedBy reached_by = ReachedBy::object) {
  const std::string text =
      "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
      "metadata: {name: apps, namespace: flux-system}\n"
      "spec:\n  interval: 5m\n" +
      more;
  const auto documents = read_yaml(text, "apps.yaml", DocumentLimits{});
  REQUIRE(documents.has_value());
  const auto object = Resource::make(documents->front().value, {.path = "apps.yaml"});
  REQUIRE(object.has_value());
  return GitRepositorySpec::read(*object, reached_by);
}

std::string refusal(const std::string& more) {
  const auto spec = read_spec("  url: https://example.org/a\n" + more);
  REQUIRE_FALSE(spec.has_value());
  CHECK(spec.error().kind == ErrorKind::invalid);
  constexpr std::string_view prefix = "apps.yaml:1: GitRepository/flux-system/apps: ";
  REQUIRE(spec.error().message.starts_with(prefix));
  return spec.error().message.substr(prefix.size());
}

}  // namespace

TEST_CASE("a GitRepository has Flux's defaults for what it does not say") {
  const auto spec = read_spec("  url: https://example.org/a\n");
  REQUIRE(spec.has_value());
  CHECK(spec->name == SourceReference{"GitRepository", "flux-system", "apps"});
  CHECK(spec->reference == Reference{.branch = "master"});
  CHECK(spec->timeout == std::chrono::seconds(60));
  CHECK(spec->interval == std::chrono::minutes(5));
  CHECK_FALSE(spec->verification.has_value());
  CHECK_FALSE(spec->ignore.has_value());
  CHECK((spec->includes.empty() && spec->sparse_checkout.empty()));
  CHECK_FALSE((spec->recurses_submodules || spec->is_suspended));
}

TEST_CASE("a GitRepository's fields are all read") {
  const auto spec = read_spec(R"(
  url: ssh://git@example.org/a
  ref: {branch: main, tag: v1, semver: 1.x, name: refs/pull/1/head, commit: abc}
  secretRef: {name: key}
  proxySecretRef: {name: proxy}
  provider: generic
  timeout: 10s
  suspend: true
  recurseSubmodules: true
  ignore: |
    /*
    !/deploy
  sparseCheckout: [./deploy, charts]
  verify: {mode: TagAndHEAD, secretRef: {name: keys}}
  include:
  - {repository: {name: lib}}
  - {repository: {name: base}, fromPath: ./deploy, toPath: /vendor/base}
)");
  REQUIRE(spec.has_value());
  CHECK(spec->reference == Reference{"main", "v1", "1.x", "refs/pull/1/head", "abc"});
  CHECK(spec->secret == "key");
  CHECK(spec->proxy_secret == "proxy");
  CHECK(spec->timeout == std::chrono::seconds(10));
  CHECK((spec->is_suspended && spec->recurses_submodules));
  CHECK(spec->ignore == "/*\n!/deploy\n");
  CHECK(spec->sparse_checkout == std::vector<std::string>{"./deploy", "charts"});
  CHECK(spec->verification->mode == SignedObject::tag_and_head);
  CHECK(spec->verification->secret == "keys");
  REQUIRE(spec->includes.size() == 2);
  CHECK(spec->includes[0].to.str() == "lib");
  CHECK(spec->includes[0].from.is_root());
  CHECK(spec->includes[1].from.str() == "deploy");
  CHECK(spec->includes[1].to.str() == "vendor/base");
}

TEST_CASE("what a GitRepository can't be served for is named with its field") {
  CHECK(refusal("  provider: github\n").starts_with("spec.provider github is not supported"));
  CHECK(refusal("  provider: azure\n").starts_with("spec.provider azure"));
  CHECK(refusal("  serviceAccountName: x\n").starts_with("spec.serviceAccountName"));
  CHECK(refusal("  verify: {mode: HEAD}\n").starts_with("spec.verify.secretRef is missing"));
  CHECK(refusal("  include: [{repository: {name: x}, toPath: ../x}]\n")
            .starts_with("spec.include[0].toPath"));
  CHECK(refusal("  include: [{repository: {name: x}, toPath: /}]\n")
            .starts_with("spec.include[0].toPath"));
  CHECK(refusal("  branch: main\n").starts_with("spec.branch"));
  CHECK_FALSE(read_spec("  url: git@example.org:a\n").has_value());
}

TEST_CASE("an identity of a cloud is no error where the configuration says how to log in") {
  const std::string url = "  url: https://example.org/a\n";
  CHECK(
      read_spec(url + "  provider: azure\n  serviceAccountName: flux\n", ReachedBy::configuration));
  CHECK_FALSE(read_spec(url + "  provider: nobody\n", ReachedBy::configuration));
}

}  // namespace primocane

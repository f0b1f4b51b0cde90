// SPDX-License-Identifier: Apache-2.0
// What the object of the configured repository says in Git, and what of it counts.
#include "reconcile/configured_repository.hpp"

#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {
namespace {

// A world whose folder clusters/home Flux was bootstrapped in.
struct BootstrappedWorld {
  BootstrappedWorld() {
    world.settings.path = RelativePath::parse("clusters/home").value();
    world.settings.repository = {.url = "https://git.example.org/team/home.git", .branch = "main"};
  }

  PassReport pass(std::string_view more,
                  std::string_view url = "ssh://git@git.example.org/team/home") {
    ++digit;
    world.commit(digit, "");
    world.folder(
        digit, "clusters/home",
        fmt::format("{}---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
                    "metadata: {{name: flux-system, namespace: flux-system}}\nspec:\n"
                    "  interval: 10m\n  prune: true\n  path: ./clusters/home\n"
                    "  sourceRef: {{kind: GitRepository, name: flux-system}}\n"
                    "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
                    "metadata: {{name: flux-system, namespace: flux-system}}\nspec:\n"
                    "  interval: 1m\n  url: {}\n{}",
                    config_map_yaml("top"), url, more));
    return world.pass();
  }

  /// What is told of an object with the lines `more`.
  std::string told(std::string_view more,
                   std::string_view url = "ssh://git@git.example.org/team/home") {
    const PassReport report = pass(more, url);
    CHECK(report.counts.failed == 0);
    CHECK(report.kustomizations.front().readiness.ready == Ready::yes);
    std::string text;
    for (const auto& problem : report.problems) text += problem.message + '\n';
    return text;
  }

  PassWorld world;
  char digit = '0';
};

constexpr std::string_view main_branch = "  ref: {branch: main}\n";

TEST_CASE("how the configured repository is reached is the configuration's to say") {
  for (const std::string more :
       {"  provider: github\n", "  provider: azure\n  serviceAccountName: flux\n",
        "  secretRef: {name: flux-system}\n  proxySecretRef: {name: proxy}\n"}) {
    BootstrappedWorld home;
    CHECK(home.told(std::string(main_branch) + more).empty());
    CHECK(home.world.cluster.find(default_map("top")) != nullptr);
  }
}

TEST_CASE("a field that no GitRepository has stops the configured folder all the same") {
  BootstrappedWorld home;
  const PassReport report = home.pass(std::string(main_branch) + "  provider: nobody\n");
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().message.contains("spec.provider"));
}

TEST_CASE("what the object of the configured repository says otherwise is told, and no failure") {
  struct Otherwise {
    std::string_view more;
    std::string_view told;
  };
  for (const auto& [more, told] :
       {Otherwise{"  ref: {branch: stable}\n", "spec.ref.branch: stable"},
        Otherwise{"", "spec.ref.branch: master"},
        Otherwise{"  ref: {tag: v1}\n", "spec.ref.tag: v1"},
        Otherwise{"  ref: {branch: main, semver: 1.x}\n", "spec.ref.semver: 1.x"},
        Otherwise{"  ref: {name: refs/pull/1/head}\n", "spec.ref.name: refs/pull/1/head"},
        Otherwise{"  ref: {branch: main, commit: abc}\n", "spec.ref.commit: abc"},
        Otherwise{"  ref: {branch: main}\n  suspend: true\n", "spec.suspend"}}) {
    BootstrappedWorld home;
    CAPTURE(more);
    CHECK(home.told(more).contains(told));
    CHECK(home.told(more).contains("does not count"));
    CHECK(home.world.cluster.find(default_map("top")) != nullptr);
  }
  BootstrappedWorld home;
  CHECK(home.told(main_branch, "https://git.example.org/team/away").contains("git.url"));
}

TEST_CASE("another way to the configured repository is no difference") {
  BootstrappedWorld home;
  for (const std::string_view url :
       {"ssh://git@git.example.org/team/home", "https://git.example.org/team/home.git",
        "ssh://git@ssh.example.org:2222/srv/team/Home.git", "http://mirror/home",
        "https://git.example.org/team/_git/home/"}) {
    CAPTURE(url);
    CHECK(home.told(main_branch, url).empty());
  }
  CHECK(home.told("  ref: {name: refs/heads/main}\n").empty());
}

TEST_CASE("a repository that is configured as scp writes it is the same by its path") {
  BootstrappedWorld home;
  home.world.settings.repository.url = "git@git.example.org:team/home.git";
  CHECK(home.told(main_branch).empty());
}

}  // namespace
}  // namespace primocane

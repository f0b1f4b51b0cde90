// SPDX-License-Identifier: Apache-2.0
#include "reconcile/declared_sources.hpp"

#include "support/fake_cluster.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_loop.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace primocane {
namespace {

// Nothing here gets as far as a child.
class NoChildren final : public ChildProcesses {
 public:
  Result<std::unique_ptr<ChildProcess>> start_boxed(BoxedSpec /*spec*/) override {
    return fail(ErrorKind::unavailable, "no children here");
  }
  Result<std::unique_ptr<ChildProcess>> start_program(ProgramSpec /*spec*/) override {
    return fail(ErrorKind::unavailable, "no children here");
  }
};

struct World {
  TestLoop loop;
  FakeCluster cluster{loop};
  NoChildren children;
  TemporaryFolder folder;
  DeclaredSources sources{
      loop,
      children,
      {.folder = folder.path(),
       .git = {
           .limits = {}, .readers = {}, .key_folder = folder / "keys", .system_authorities = {}}}};

  std::string open(std::string_view kind, std::string_view spec) {
    const Resource object = yaml_resource(
        fmt::format("apiVersion: source.toolkit.fluxcd.io/v1\nkind: {}\nmetadata:\n"
                    "  name: apps\n  namespace: flux-system\nspec:\n  interval: 10m\n{}",
                    kind, spec));
    const auto opened = run_until_done(loop, sources.open(object, cluster));
    return opened ? std::string("open") : opened.error().message;
  }
};

TEST_CASE("an OCIRepository is opened with what its Secrets say") {
  World world;
  CHECK(world.open("OCIRepository", "  url: oci://registry.example.org/apps\n") == "open");
  const std::string_view with_secret =
      "  url: oci://registry.example.org/apps\n  secretRef: {name: login}\n";
  CHECK(world.open("OCIRepository", with_secret).find("Secret/flux-system/login") !=
        std::string::npos);
  world.cluster.create(yaml_resource("apiVersion: v1\nkind: Namespace\n"
                                     "metadata: {name: flux-system}\n")
                           .object);
  world.cluster.create(yaml_resource("apiVersion: v1\nkind: Secret\n"
                                     "metadata: {name: login, namespace: flux-system}\n"
                                     "data: {username: bWU=, password: c2VjcmV0}\n")
                           .object);
  CHECK(world.open("OCIRepository", with_secret) == "open");
}

TEST_CASE("what can't be served as it is declared is an error that names the field") {
  World world;
  CHECK(world.open("OCIRepository", "  url: https://registry.example.org\n").find("url") !=
        std::string::npos);
  const std::string url = "  url: https://git.example.org/other\n";
  CHECK(world.open("GitRepository", url + "  verify: {mode: HEAD, secretRef: {name: keys}}\n")
            .contains("spec.verify"));
  CHECK(world.open("GitRepository", url + "  include: [{repository: {name: b}, toPath: /}]\n")
            .contains("include[0].toPath"));
  CHECK(world.open("GitRepository", "  url: git@git.example.org:other\n").contains("url"));
  CHECK(world.open("GitRepository", url + "  ref: {commit: abc}\n").contains("ref.commit"));
}

TEST_CASE("a GitRepository is opened with what its Secrets say") {
  World world;
  CHECK(world.open("GitRepository", "  url: https://git.example.org/other\n") == "open");
  const std::string_view by_ssh =
      "  url: ssh://git@git.example.org/other\n  secretRef: {name: key}\n";
  CHECK(world.open("GitRepository", by_ssh).contains("Secret/flux-system/key"));
  world.cluster.create(yaml_resource("apiVersion: v1\nkind: Namespace\n"
                                     "metadata: {name: flux-system}\n")
                           .object);
  const auto secret = [](std::string_view data) {
    return yaml_resource(fmt::format("apiVersion: v1\nkind: Secret\n"
                                     "metadata: {{name: key, namespace: flux-system}}\n"
                                     "data: {}\n",
                                     data))
        .object;
  };
  world.cluster.create(secret("{identity: a2V5}"));
  CHECK(world.open("GitRepository", by_ssh).contains("known_hosts"));
  world.cluster.edit({"", "Secret", "flux-system", "key"}, "kubectl",
                     secret("{identity: a2V5, known_hosts: aG9zdHM=}"));
  CHECK(world.open("GitRepository", by_ssh) == "open");
}

TEST_CASE("a GitRepository with others in it is opened, and nothing is there of it at first") {
  World world;
  for (const std::string field :
       {"recurseSubmodules: true", "include: [{repository: {name: b}}]"}) {
    const Resource object = yaml_resource(
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: apps\n"
        "  namespace: flux-system\nspec:\n  interval: 10m\n"
        "  url: https://git.example.org/other\n  " +
        field + "\n");
    const auto opened = run_until_done(world.loop, world.sources.open(object, world.cluster));
    REQUIRE(opened);
    CHECK_FALSE((*opened)->on_disk());
  }
}

TEST_CASE("what is kept of a source goes when nothing declares it any more") {
  World world;
  const std::string old = world.folder.path() + "/old";
  std::filesystem::create_directory(old);
  world.sources.keep_only({{"source.toolkit.fluxcd.io", "OCIRepository", "flux-system", "apps"}});
  CHECK_FALSE(std::filesystem::exists(old));
}

}  // namespace
}  // namespace primocane

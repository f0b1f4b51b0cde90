// SPDX-License-Identifier: Apache-2.0
// Submodules of real repositories, by a program in ssh's place.
#include "source/submodule_fetcher.hpp"

#include "base/unique_fd.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "source/bundle_tree.hpp"
#include "support/git_fixture.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <string_view>
#include <unistd.h>

namespace primocane {
namespace {

GitUrl git_url(std::string_view text) { return GitUrl::parse(text).value(); }

GitAccess access_with_everything() {
  GitAccess access{.username = "me",
                   .password = "hunter2",
                   .bearer_token = "token",
                   .tls = {},
                   .proxy = "http://proxy.example.org",
                   .ssh_identity = "key\n",
                   .ssh_known_hosts = "hosts"};
  access.tls.ca_pem = "authority";
  access.tls.certificate_pem = "certificate";
  access.tls.key_pem = "key";
  return access;
}

// Its last argument is what ssh is to run there: git-upload-pack 'PATH'.
struct SshInPath {
  explicit SshInPath(const TemporaryFolder& folder) {
    std::filesystem::create_directory(folder / "bin");
    const std::string path = folder / "bin/ssh";
    const std::string script = fmt::format(
        "#!/bin/sh\nexport GIT_PROTOCOL=version=2\nfor last; do :; done\ncd '{}' && eval "
        "\"$last\"\n",
        folder.path());
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0700));
    REQUIRE(::write(file.get(), script.data(), script.size()) > 0);
    before = std::getenv("PATH");
    ::setenv("PATH", (folder / "bin" + ":" + before).c_str(), 1);
  }
  ~SshInPath() { ::setenv("PATH", before.c_str(), 1); }
  SshInPath(const SshInPath&) = delete;
  SshInPath& operator=(const SshInPath&) = delete;
  std::string before;
};

struct SubmoduleWorld {
  SubmoduleWorld() {
    settings.git.url = "git@git.example.org:home.git";
    settings.access.ssh_identity = "key\n";
    settings.access.ssh_known_hosts = "hosts\n";
    settings.key_folder = folder / "keys";
    settings.folder = folder / "submodules";
    settings.work_folder = folder / "work";
    if (::geteuid() == 0) settings.readers = BoxUser{}.gid;
  }
  Result<std::vector<FetchedSubmodule>> fetch(const CommitId& commit,
                                              std::vector<std::string> sparse = {}) {
    SubmoduleFetcher fetcher(settings, *loop, children);
    auto fetched = run_until_done(*loop, fetcher.fetch(home.path(), commit, std::move(sparse)));
    if (!fetched) UNSCOPED_INFO(fetched.error().message);
    return fetched;
  }
  static std::string gitmodules(std::string_view path, std::string_view url) {
    return fmt::format("[submodule \"x\"]\n\tpath = {}\n\turl = {}\n", path, url);
  }

  TemporaryFolder folder;
  SshInPath ssh{folder};
  SystemClock clock;
  std::unique_ptr<EpollLoop> loop = EpollLoop::make(clock).value();
  Children children{*loop, {.boxing = Boxing::best_effort, .box_user = {}}};
  GitFixture home{folder / "home.git"};
  GitFixture lib{folder / "lib.git"};
  GitFixture inner{folder / "inner.git"};
  SubmoduleSettings settings;
};

std::string text_in(const std::string& bundle, std::string_view path) {
  const auto tree = open_bundle_tree(UniqueFd(::open(bundle.c_str(), O_RDONLY | O_CLOEXEC)), [] {});
  if (!tree) return tree.error().message;
  return (*tree)->read(RelativePath::parse(path).value(), ByteCount(1000)).value_or("none");
}

}  // namespace

TEST_CASE("what a repository is logged in to with goes to no other host") {
  const GitUrl own = git_url("https://git.example.org/a.git");
  const GitAccess all = access_with_everything();
  CHECK(access_to_submodule(own, all, git_url("https://git.example.org/b.git")) == all);
  for (const std::string_view url :
       {"https://example.org/b.git", "http://git.example.org/b.git",
        "https://git.example.org:8443/b.git", "https://git.example.org.evil.org/b.git"}) {
    CAPTURE(url);
    const GitAccess access = access_to_submodule(own, all, git_url(url));
    CHECK(access.username.empty());
    CHECK(access.password.empty());
    CHECK(access.bearer_token.empty());
    CHECK(access.tls.certificate_pem.empty());
    CHECK(access.tls.key_pem.empty());
    CHECK(access.tls.ca_pem == "authority");
    CHECK(access.proxy == all.proxy);
  }
}

TEST_CASE("submodules are fetched at the commits that are named, and those in them", "[native]") {
  SubmoduleWorld world;
  const CommitId inner = world.inner.commit({.files = {{"c.yaml", "c: 1\n"}}});
  const CommitId lib = world.lib.commit(
      {.files = {{"b.yaml", "b: 1\n"},
                 {".gitmodules", SubmoduleWorld::gitmodules("deep/inner", "../inner.git")}},
       .links = {},
       .submodules = {{"deep/inner", inner.str()}}});
  world.lib.commit({.files = {{"b.yaml", "b: 2\n"}}});
  const CommitId home = world.home.commit(
      {.files = {{"a.yaml", "a: 1\n"},
                 {".gitmodules", SubmoduleWorld::gitmodules("apps/lib", "../lib.git")}},
       .links = {},
       .submodules = {{"apps/lib", lib.str()}}});
  const auto fetched = world.fetch(home);
  REQUIRE(fetched);
  REQUIRE(fetched->size() == 2);
  CHECK(fetched->at(0).at.str() == "apps/lib");
  CHECK(fetched->at(1).at.str() == "apps/lib/deep/inner");
  CHECK(text_in(fetched->at(0).path, "b.yaml") == "b: 1\n");
  CHECK(text_in(fetched->at(1).path, "c.yaml") == "c: 1\n");

  SECTION("what is here is not asked for again") {
    std::filesystem::remove_all(world.lib.path());
    std::filesystem::remove_all(world.inner.path());
    CHECK(world.fetch(home)->size() == 2);
  }
  SECTION("nothing is fetched of what is not taken") {
    CHECK(world.fetch(home, {"a.yaml"})->empty());
  }
  SECTION("what is not used any more is removed") {
    SubmoduleFetcher(world.settings, *world.loop, world.children).keep_only({fetched->at(0)});
    CHECK(std::filesystem::exists(fetched->at(0).path));
    CHECK_FALSE(std::filesystem::exists(fetched->at(1).path));
  }
  SECTION("a copy that is damaged is fetched anew the next time") {
    std::filesystem::resize_file(fetched->at(0).path, 20);
    CHECK(world.fetch(home).error().kind == ErrorKind::unavailable);
    CHECK(world.fetch(home)->size() == 2);
  }
}

TEST_CASE("a submodule that can't be had is an error that names it", "[native]") {
  SubmoduleWorld world;
  const auto commit = [&world](std::string_view url) {
    return world.home.commit({.files = {{".gitmodules", SubmoduleWorld::gitmodules("lib", url)}},
                              .links = {},
                              .submodules = {{"lib", std::string(40, '7')}}});
  };
  const auto lost = world.fetch(commit("../gone.git"));
  REQUIRE_FALSE(lost);
  CHECK(lost.error().message.contains("submodule lib (git@git.example.org:gone.git)"));
  const auto local = world.fetch(commit("/srv/git/lib.git"));
  REQUIRE_FALSE(local);
  CHECK(local.error().kind == ErrorKind::invalid);
  CHECK(local.error().message.contains("submodule lib: its URL"));
}

}  // namespace primocane

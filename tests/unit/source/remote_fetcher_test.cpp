// SPDX-License-Identifier: Apache-2.0
// What is fetched from elsewhere: files from a server in the test, repositories from git's own.
#include "source/remote_fetcher.hpp"

#include "base/unique_fd.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "source/bundle_tree.hpp"
#include "support/git_fixture.hpp"
#include "support/loopback_server.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <string>
#include <unistd.h>

namespace primocane {

namespace {

using Serve = std::function<void(const LoopbackRequest&, const LoopbackConnectionPtr&)>;

struct Elsewhere {
  explicit Elsewhere(Serve serve) : server(*loop, std::move(serve)) {
    settings.git.url = "https://git.example.org/own.git";
    settings.git.stall_timeout = std::chrono::seconds(1);
    settings.work_folder = folder / "work";
    if (::geteuid() == 0) settings.readers = BoxUser{}.gid;
  }

  RemoteFetcher fetcher() {
    return {settings, *loop, children,
            [](const std::string& path, Secrecy /*secrecy*/) -> Result<std::string> {
              return fail(ErrorKind::unavailable, path + " is not there");
            }};
  }
  Result<RemoteFile> file(const std::string& path) {
    RemoteFetcher remote = fetcher();
    return run_until_done(*loop, remote.file(server.url(path)));
  }
  std::string text(const std::string& path) {
    const Result<RemoteFile> got = file(path);
    if (!got) return std::string(to_string(got.error().kind)) + ": " + got.error().message;
    if (const auto* none = std::get_if<NoRemoteFile>(&*got)) {
      return "no file: " + std::string(to_string(none->error.kind)) + ": " + none->error.message;
    }
    return std::get<std::string>(*got);
  }

  TemporaryFolder folder;
  SystemClock clock;
  std::unique_ptr<EpollLoop> loop = EpollLoop::make(clock).value();
  Children children{*loop, {.boxing = Boxing::best_effort, .box_user = {}}};
  LoopbackServer server;
  RemoteFetchSettings settings;
};

// git-http-backend is for the integration tests; here a repository is a folder that ssh's place is
// taken for by a program of this name in PATH.
struct FakeSsh {
  FakeSsh(const TemporaryFolder& folder, const std::string& repository) {
    std::filesystem::create_directory(folder / "bin");
    const std::string script = "#!/bin/sh\nexec git-upload-pack '" + repository + "'\n";
    const std::string path = folder / "bin/ssh";
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0700));
    REQUIRE(::write(file.get(), script.data(), script.size()) > 0);
    before = std::getenv("PATH");
    ::setenv("PATH", (folder / "bin" + ":" + before).c_str(), 1);
  }
  ~FakeSsh() { ::setenv("PATH", before.c_str(), 1); }
  FakeSsh(const FakeSsh&) = delete;
  FakeSsh& operator=(const FakeSsh&) = delete;
  std::string before;
};

Serve nothing() {
  return [](const LoopbackRequest&, const LoopbackConnectionPtr& connection) {
    connection->respond(404, "");
  };
}

std::string contains(const std::string& text, const std::string& part) {
  return text.find(part) == std::string::npos ? text : part;
}

}  // namespace

TEST_CASE("a remote file is what its URL answers with, through redirects") {
  std::string head;
  Elsewhere world([&](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
    head = request.head;
    if (request.target == "/old") return connection->respond(302, "", "Location: /file.yaml\r\n");
    if (request.target == "/file.yaml") return connection->respond(200, "a: 1\n");
    if (request.target == "/circle") return connection->respond(307, "", "Location: /circle\r\n");
    connection->respond(request.target == "/busy" ? 503 : 404, "gone");
  });
  CHECK(world.text("/file.yaml") == "a: 1\n");
  CHECK(world.text("/old") == "a: 1\n");
  CHECK(head.find("Authorization") == std::string::npos);
  CHECK(world.text("/circle") == "denied: redirects more than 10 times");
  CHECK(world.text("/absent") == "no file: denied: the server answers with status 404");
  CHECK(world.text("/busy") == "no file: unavailable: the server answers with status 503");
}

TEST_CASE("a remote file is bounded in size and in time") {
  Elsewhere world([&](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
    if (request.target == "/large") return connection->respond(200, std::string(3000, 'x'));
    if (request.target == "/silent") return;
    if (request.target == "/cut") {
      connection->send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na: 1\n");
      return connection->close();
    }
    connection->send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
  });
  world.settings.file_max = ByteCount(2000);
  CHECK(contains(world.text("/large"), "larger than 2.0 KiB") == "larger than 2.0 KiB");
  CHECK(world.text("/silent").starts_with("unavailable: "));
  CHECK(world.text("/hanging").starts_with("unavailable: "));
  CHECK(world.text("/cut").starts_with("unavailable: "));
}

TEST_CASE("URLs with credentials, and those that nobody serves, are refused") {
  Elsewhere world(nothing());
  RemoteFetcher remote = world.fetcher();
  for (const std::string url : {"http://me:hunter2@127.0.0.1/file.yaml", "http:file.yaml",
                                "https://", "ftp://127.0.0.1/x"}) {
    CAPTURE(url);
    const Result<RemoteFile> got = run_until_done(*world.loop, remote.file(url));
    REQUIRE_FALSE(got);
    CHECK(got.error().kind == ErrorKind::invalid);
    CHECK(got.error().message.find("hunter2") == std::string::npos);
  }
  // A sign that is no name's, and a name that is not sent.
  for (const std::string& url : {world.server.url("/a@b.yaml"), world.server.url("?x=a@b")}) {
    CAPTURE(url);
    const Result<RemoteFile> got = run_until_done(*world.loop, remote.file(url));
    CHECK((got || got.error().kind != ErrorKind::invalid));
  }
  for (const std::string url : {"https://me:hunter2@127.0.0.1/org/repo", "file:///srv/git/repo"}) {
    CAPTURE(url);
    const Result<CommitId> got =
        run_until_done(*world.loop, remote.commit({.url = url, .ref = "v1", .timeout = {}}));
    REQUIRE_FALSE(got);
    CHECK(got.error().kind == ErrorKind::invalid);
    CHECK(got.error().message.find("hunter2") == std::string::npos);
    CHECK(got.error().message.find("git.url") == std::string::npos);
  }
  const Result<CommitId> odd = run_until_done(
      *world.loop, remote.commit({.url = world.server.url("/a/b"), .ref = "a\nb", .timeout = {}}));
  CHECK(odd.error().kind == ErrorKind::invalid);
}

TEST_CASE("what a commit of another repository holds is written as a bundle", "[native]") {
  Elsewhere world(nothing());
  GitFixture repository(world.folder / "other.git");
  const CommitId old = repository.commit(
      {.files = {{"base/a.yaml", "a: 1\n"}}, .links = {{"base/link", "a.yaml"}}, .submodules = {}});
  repository.git("tag v1");
  repository.git("tag both");
  const CommitId tip = repository.commit({.files = {{"base/a.yaml", "a: 2\n"}}});
  repository.git("branch both");
  const FakeSsh ssh(world.folder, repository.path());
  world.settings.git.authentication.ssh_known_hosts = "/dev/null";
  RemoteFetcher remote = world.fetcher();
  const auto commit = [&](const std::string& ref) {
    return run_until_done(
        *world.loop,
        remote.commit({.url = "git@example.org:other.git", .ref = ref, .timeout = {}}));
  };
  CHECK(commit("") == tip);
  CHECK(commit("main") == tip);
  CHECK(commit("heads/main") == tip);
  CHECK(commit("refs/heads/main") == tip);
  CHECK(commit("v1") == old);
  CHECK(commit("both") == old);  // a tag wins, as with git fetch
  CHECK(commit(old.str()) == old);
  CHECK(commit("v2").error().kind == ErrorKind::invalid);

  const auto bundled = run_until_done(
      *world.loop, remote.bundle({.url = "git@example.org:other.git", .ref = "v1", .timeout = {}},
                                 old, world.folder / "bundle"));
  if (!bundled) FAIL(bundled.error().message);
  const auto tree = open_bundle_tree(
      UniqueFd(::open((world.folder / "bundle").c_str(), O_RDONLY | O_CLOEXEC)), [] {});
  REQUIRE(tree);
  CHECK((*tree)->read(RelativePath::parse("base/link").value(), ByteCount(100)) == "a: 1\n");
  CHECK(std::filesystem::is_empty(world.settings.work_folder));

  SECTION("a repository that is too large is not kept") {
    world.settings.repository_max = ByteCount(200);
    RemoteFetcher small = world.fetcher();
    const auto refused = run_until_done(
        *world.loop, small.bundle({.url = "git@example.org:other.git", .ref = "", .timeout = {}},
                                  tip, world.folder / "large"));
    REQUIRE_FALSE(refused);
    CHECK_FALSE(std::filesystem::exists(world.folder / "large"));
    CHECK(std::filesystem::is_empty(world.settings.work_folder));
  }
}

TEST_CASE("a repository by SSH needs hosts that are known") {
  Elsewhere world(nothing());
  RemoteFetcher remote = world.fetcher();
  const auto got = run_until_done(
      *world.loop, remote.commit({.url = "git@example.org:a", .ref = "v1", .timeout = {}}));
  REQUIRE_FALSE(got);
  CHECK(got.error().kind == ErrorKind::denied);
  CHECK(got.error().message.find("sshKnownHosts") != std::string::npos);
}

TEST_CASE("what is secret goes to the host of our own repository and to no other") {
  std::string head;
  Elsewhere world([&](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
    head = request.head;
    connection->respond(404, "");
  });
  world.settings.git.authentication.token_file = "token";
  const auto ask = [&](const std::string& own) {
    world.settings.git.url = own;
    RemoteFetcher remote(
        world.settings, *world.loop, world.children,
        [](const std::string&, Secrecy) -> Result<std::string> { return "hunter2\n"; });
    const RemoteRepository other{.url = world.server.url("/a/b"), .ref = "v1", .timeout = {}};
    CHECK_FALSE(run_until_done(*world.loop, remote.commit(other)));
  };
  ask("https://git.example.org/own.git");
  CHECK(head.starts_with("POST /a/b/git-upload-pack"));
  CHECK(head.find("hunter2") == std::string::npos);
  ask(world.server.url("/own.git"));
  CHECK(head.find("hunter2") != std::string::npos);
}

}  // namespace primocane

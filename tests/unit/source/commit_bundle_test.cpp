// SPDX-License-Identifier: Apache-2.0
// What boxed children make of real repositories: parts of trees, and trees that are composed.
#include "source/commit_bundle.hpp"

#include "base/unique_fd.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "source/bundle_tree.hpp"
#include "support/git_fixture.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <string>
#include <string_view>

namespace primocane {
namespace {

constexpr ByteCount composed_file_limit{1000};

RelativePath at(std::string_view path) { return RelativePath::parse(path).value(); }

// Two repositories and what is made of them.
struct ComposingWorld {
  /// Writes the bundle `name`; the error if it could not be made.
  Result<void> bundle(const std::string& name, const GitFixture& root, PackRequest request,
                      const std::vector<std::string>& files = {}) {
    std::vector<UniqueFd> open;
    BundleJob job{.request = std::move(request),
                  .root = root.path(),
                  .files = {},
                  .size_max = size_max,
                  .size_key = "git.limits.packSize"};
    for (const std::string& file : files) {
      open.emplace_back(::open((folder / file).c_str(), O_RDONLY | O_CLOEXEC));
      job.files.push_back(open.back().get());
    }
    return run_until_done(*loop, write_bundle_of(&children, std::move(job), folder / name));
  }
  std::string read(const std::string& name, std::string_view path) const {
    const auto tree =
        open_bundle_tree(UniqueFd(::open((folder / name).c_str(), O_RDONLY | O_CLOEXEC)), [] {});
    if (!tree) return tree.error().message;
    const auto text = (*tree)->read(at(path), composed_file_limit);
    return text ? *text : "error: " + text.error().message;
  }

  TemporaryFolder folder;
  SystemClock clock;
  std::unique_ptr<EpollLoop> loop = EpollLoop::make(clock).value();
  Children children{*loop, {.boxing = Boxing::best_effort, .box_user = {}}};
  GitFixture own{folder / "own.git"};
  GitFixture other{folder / "other.git"};
  ByteCount size_max{100'000};
};

}  // namespace

TEST_CASE("a part of a commit is taken as its source takes it", "[native]") {
  ComposingWorld world;
  const CommitId commit = world.other.commit({.files = {{"manifests/a.yaml", "a: 1\n"},
                                                        {"manifests/draft.yaml", "draft"},
                                                        {"manifests/README.md", "text"},
                                                        {"base/b.yaml", "b: 1\n"}},
                                              .links = {{"manifests/b.yaml", "../base/b.yaml"}},
                                              .submodules = {}});
  const BundlePart request{
      .place = TreePlace::commit,
      .commit = commit,
      .shape = TreeShape{.sparse = {}, .ignore = "draft.yaml", .defaults = IgnoreDefaults::yes},
      .part = at("manifests"),
      .file_max = composed_file_limit};
  REQUIRE(world.bundle("part", world.other, request));
  CHECK(world.read("part", "manifests/a.yaml") == "a: 1\n");
  CHECK(world.read("part", "manifests/b.yaml") == "b: 1\n");
  CHECK(world.read("part", "manifests/draft.yaml").starts_with("error"));
  CHECK(world.read("part", "base/b.yaml").starts_with("error"));

  SECTION("also from a bundle") {
    BundlePart again = request;
    again.place = TreePlace::bundle;
    again.commit.reset();
    again.shape.reset();
    again.part = at("manifests/a.yaml");
    REQUIRE(world.bundle("again", world.other, again, {"part"}));
    CHECK(world.read("again", "manifests/a.yaml") == "a: 1\n");
    CHECK(world.read("again", "manifests/b.yaml").starts_with("error"));
  }
  SECTION("one that is not there is an error of the request") {
    BundlePart absent = request;
    absent.part = at("elsewhere");
    const Result<void> refused = world.bundle("absent", world.other, absent);
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == Error{ErrorKind::invalid, "there is nothing at \"elsewhere\" in it"});
  }
}

TEST_CASE("a commit is composed with its submodules and what it includes", "[native]") {
  ComposingWorld world;
  const CommitId other = world.other.commit(
      {.files = {{"manifests/a.yaml", "a: 1\n"}}, .links = {}, .submodules = {}});
  REQUIRE(world.bundle("other", world.other,
                       BundleCommit{.commit = other, .file_max = composed_file_limit}));
  const CommitId own =
      world.own.commit({.files = {{"apps/own.yaml", "own: 1\n"}, {"docs/x.yaml", "x"}},
                        .links = {{"apps/link.yaml", "shared/a.yaml"}},
                        .submodules = {{"apps/module", other.str()}}});
  ComposeCommit request{
      .commit = own,
      .sparse = {"apps"},
      .additions = {{.role = TreeAddition::Role::submodule, .from = {}, .at = at("apps/module")},
                    {.role = TreeAddition::Role::inclusion,
                     .from = at("manifests"),
                     .at = at("apps/shared")}},
      .file_max = composed_file_limit};
  REQUIRE(world.bundle("composed", world.own, request, {"other", "other"}));
  CHECK(world.read("composed", "apps/own.yaml") == "own: 1\n");
  CHECK(world.read("composed", "apps/module/manifests/a.yaml") == "a: 1\n");
  CHECK(world.read("composed", "apps/shared/a.yaml") == "a: 1\n");
  CHECK(world.read("composed", "apps/link.yaml") == "a: 1\n");
  CHECK(world.read("composed", "docs/x.yaml").starts_with("error"));

  SECTION("a place that is taken is an error that names it, and leaves nothing") {
    request.additions.back().at = at("apps");
    const Result<void> refused = world.bundle("refused", world.own, request, {"other", "other"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::invalid);
    CHECK(refused.error().message.contains("toPath \"apps\""));
    CHECK_FALSE(UniqueFd(::open((world.folder / "refused").c_str(), O_RDONLY)).is_open());
  }
  SECTION("a tree that is too large is denied, with what configures it") {
    world.size_max = ByteCount(100);
    const Result<void> refused = world.bundle("large", world.own, request, {"other", "other"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::denied);
    CHECK(refused.error().message.contains("git.limits.packSize"));
  }
  SECTION("a commit that is not in the mirror may come yet") {
    request.commit = CommitId::parse(std::string(40, '9')).value();
    CHECK(world.bundle("none", world.own, request, {"other", "other"}).error().kind ==
          ErrorKind::unavailable);
  }
}

}  // namespace primocane

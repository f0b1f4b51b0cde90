// SPDX-License-Identifier: Apache-2.0
// Real repositories that are put into each other by real children.
#include "reconcile/composed_repository.hpp"

#include "base/unique_fd.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "source/bundle_tree.hpp"
#include "support/git_fixture.hpp"
#include "support/local_git.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

namespace primocane {
namespace {

namespace fs = std::filesystem;

RelativePath at(std::string_view path) { return RelativePath::parse(path).value(); }

struct ComposedWorld {
  ComposedWorld() {
    fs::create_directory(folder / "source");
    settings.source.settings.url = "https://git.example.org/home.git";
    settings.includes = {{.repository = "shared", .from = at("manifests"), .to = at("apps/s")}};
    settings.shape = {.sparse = {}, .ignore = "*.txt", .defaults = IgnoreDefaults::yes};
    settings.folder = folder / "source";
    if (::geteuid() == 0) settings.readers = BoxUser{}.gid;
    home = mirror(home_remote, folder / "source/mirror.git");
    shared = mirror(shared_remote, folder / "shared-mirror.git");
    home_remote.commit({.files = {{"apps/a.yaml", "a: 1\n"}, {"docs/b.md", "b"}}});
    share("one");
  }

  std::unique_ptr<GitRepository> mirror(const GitFixture& remote, const std::string& path) {
    GitSettings git;
    git.url = settings.source.settings.url;
    return std::make_unique<GitRepository>(
        git, MirrorFolder{.path = path, .readers = settings.readers}, *loop, children,
        std::make_unique<LocalGit>(children, remote.path()));
  }
  void share(const std::string& text) {
    shared_remote.commit({.files = {{"manifests/s.yaml", text}, {"manifests/x.txt", "x"}}});
    const Revision revision =
        run_until_done(*loop, shared->update(std::nullopt, Rewrite::accept)).value();
    content = {.revision = to_string(revision),
               .kind = RenderSource::commit,
               .commit = revision.commit,
               .root = shared->mirror_path(),
               .shape = TreeShape{}};
  }
  std::unique_ptr<ComposedRepository> open() {
    return std::make_unique<ComposedRepository>(settings, *home, *loop, children);
  }
  Result<SourceContent> update() {
    std::vector<SourceContent> included;
    for (std::size_t i = 0; i < settings.includes.size(); ++i) included.push_back(content);
    auto updated = run_until_done(*loop, open()->update(std::move(included)));
    if (!updated) UNSCOPED_INFO(updated.error().message);
    return updated;
  }
  std::size_t bundles() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(settings.folder)) {
      if (entry.path().extension() == ".bundle") ++count;
    }
    return count;
  }

  TemporaryFolder folder;
  SystemClock clock;
  std::unique_ptr<EpollLoop> loop = EpollLoop::make(clock).value();
  Children children{*loop, {.boxing = Boxing::best_effort, .box_user = {}}};
  CompositionSettings settings;
  GitFixture home_remote{folder / "home.git"};
  GitFixture shared_remote{folder / "shared.git"};
  std::unique_ptr<GitRepository> home;
  std::unique_ptr<GitRepository> shared;
  SourceContent content;
};

std::string text_of(const SourceContent& content, std::string_view path) {
  const auto tree =
      open_bundle_tree(UniqueFd(::open(content.root.c_str(), O_RDONLY | O_CLOEXEC)), [] {});
  if (!tree) return tree.error().message;
  return (*tree)->read(at(path), ByteCount(1000)).value_or("none");
}

}  // namespace

TEST_CASE("a repository is composed of its commit and of what others take of theirs", "[native]") {
  ComposedWorld world;
  world.settings.shape.sparse = {"apps"};
  world.content.shape->ignore = "*.txt";
  CHECK_FALSE(world.open()->on_disk());
  const auto updated = world.update();
  REQUIRE(updated);
  CHECK(updated->kind == RenderSource::bundle);
  CHECK(updated->revision == "main@sha1:" + world.home_remote.tip()->str());
  CHECK(text_of(*updated, "apps/a.yaml") == "a: 1\n");
  CHECK(text_of(*updated, "apps/s/s.yaml") == "one");
  CHECK(text_of(*updated, "apps/s/x.txt") == "none");
  CHECK(text_of(*updated, "docs/b.md") == "none");
  // What is left to do where it is rendered.
  CHECK(updated->shape ==
        TreeShape{.sparse = {}, .ignore = "*.txt", .defaults = IgnoreDefaults::yes});
}

TEST_CASE("what was composed is found again, and is composed anew when a part has changed",
          "[native]") {
  ComposedWorld world;
  const auto first = world.update();
  REQUIRE(first);
  const auto here = world.open()->on_disk();
  REQUIRE(here);
  CHECK(here->root == first->root);
  CHECK(here->revision == first->revision);
  fs::rename(world.shared->mirror_path(), world.folder / "away");
  CHECK(world.update()->root == first->root);  // nothing had to be read
  fs::rename(world.folder / "away", world.shared->mirror_path());

  world.share("two");
  const auto second = world.update();
  REQUIRE(second);
  CHECK(second->root != first->root);
  CHECK(second->revision == first->revision);
  CHECK(text_of(*second, "apps/s/s.yaml") == "two");
  CHECK(world.bundles() == 1);

  world.settings.includes.front().to = at("apps/other");
  const auto before = world.open()->on_disk();
  REQUIRE(before);
  CHECK(before->root == second->root);  // until what is asked for now was composed
  CHECK(text_of(world.update().value(), "apps/other/s.yaml") == "two");
}

TEST_CASE("what can't be composed says which part, and leaves what was composed before",
          "[native]") {
  ComposedWorld world;
  const auto first = world.update();
  REQUIRE(first);
  world.home_remote.commit({.files = {{"apps/s/taken.yaml", "t: 1\n"}}});
  const auto taken = world.update();
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::invalid);
  CHECK(taken.error().message ==
        "spec.include: toPath \"apps/s\": there is a folder at \"apps/s\" already");
  world.home_remote.commit({.files = {{"apps/a.yaml", "a: 2\n"}}});
  world.shared_remote.commit({.files = {{"elsewhere/s.yaml", "s"}}});
  const Revision moved =
      run_until_done(*world.loop, world.shared->update(std::nullopt, Rewrite::accept)).value();
  world.content.commit = moved.commit;
  world.content.revision = to_string(moved);
  const auto gone = world.update();
  REQUIRE_FALSE(gone);
  CHECK(gone.error().message.starts_with("spec.include: shared, fromPath \"manifests\": "));
  CHECK(world.open()->on_disk()->root == first->root);
  CHECK(text_of(*first, "apps/s/s.yaml") == "one");
  CHECK(world.bundles() == 1);
}

TEST_CASE("what is included may be composed itself, or a folder of this machine", "[native]") {
  ComposedWorld world;
  const auto first = world.update();
  REQUIRE(first);
  ComposedWorld outer;
  outer.settings.includes.front().from = at("apps");
  outer.content = *first;
  const auto second = outer.update();
  REQUIRE(second);
  CHECK(text_of(*second, "apps/s/a.yaml") == "a: 1\n");
  CHECK(text_of(*second, "apps/s/s/s.yaml") == "one");
  fs::create_directories(outer.folder / "tree/apps");
  std::ofstream(outer.folder / "tree/apps/f.yaml") << "f: 1\n";
  outer.content = {.revision = "folder",
                   .kind = RenderSource::folder,
                   .commit = {},
                   .root = outer.folder / "tree",
                   .shape = {}};
  CHECK(text_of(outer.update().value(), "apps/s/f.yaml") == "f: 1\n");
}

}  // namespace primocane

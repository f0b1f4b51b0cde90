// SPDX-License-Identifier: Apache-2.0
// When something elsewhere is asked for, when the copy on disk does, and what is told of it.
#include "reconcile/remotes.hpp"

#include "base/durable_file.hpp"
#include "base/read_to_end.hpp"
#include "support/fake_parts.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr const char* url = "https://example.org/org/repo/a.yaml";
constexpr const char* base = "github.com/org/repo//base?ref=v1";
constexpr const char* repository = "https://github.com/org/repo";

CommitId commit(char digit) { return CommitId::parse(std::string(40, digit)).value(); }

// Files and repositories in memory; a bundle is the text of its commit.
class FakeSource final : public RemoteSource {
 public:
  Task<Result<RemoteFile>> file(std::string wanted) override {
    asked.push_back("file " + wanted);
    if (failure) co_return std::unexpected(*failure);
    const auto found = files.find(wanted);
    if (found != files.end()) co_return RemoteFile(found->second);
    co_return RemoteFile(NoRemoteFile{{ErrorKind::denied, "status 404"}});
  }
  Task<Result<CommitId>> commit(RemoteRepository wanted) override {
    asked.push_back("commit " + wanted.url + " " + wanted.ref);
    if (failure) co_return std::unexpected(*failure);
    const auto found = commits.find(wanted.url);
    if (found != commits.end()) co_return found->second;
    co_return fail(ErrorKind::invalid, "no such repository");
  }
  Task<Result<void>> bundle(RemoteRepository wanted, CommitId of, std::string path) override {
    asked.push_back("bundle " + wanted.url);
    if (failure) co_return std::unexpected(*failure);
    co_return replace_file(path, of.str(), Durability::lazy);
  }
  std::vector<std::string> take_asked() { return std::exchange(asked, {}); }

  std::map<std::string, std::string> files;
  std::map<std::string, CommitId> commits;
  std::optional<Error> failure;
  std::vector<std::string> asked;
};

using Words = std::vector<std::string>;

struct World {
  // One rendering's round.
  Result<void> provide(std::vector<RemoteNeed> needs, RemoteGifts& gifts) {
    return run_until_done(loop, remotes.provide(std::move(needs), &gifts));
  }
  // The contents that a rendering of `revision` gets, each as "file CONTENT", or why not.
  Words render(std::vector<RemoteNeed> needs, const std::string& revision) {
    RemoteGifts gifts{.revision = revision};
    const Result<void> provided = provide(std::move(needs), gifts);
    if (!provided) {
      return {std::string(to_string(provided.error().kind)) + ": " + provided.error().message};
    }
    remotes.keep(gifts);
    return contents(gifts);
  }
  static Words contents(const RemoteGifts& gifts) {
    Words words;
    std::size_t file = 0;
    for (const GivenRemote& remote : gifts.remotes) {
      if (remote.kind == GivenKind::no_file) {
        words.emplace_back("no file");
        continue;
      }
      words.push_back((remote.kind == GivenKind::file ? "file " : "tree ") +
                      read_to_end(gifts.files.at(file++).get(), "x", ByteCount(1000)).value());
    }
    return words;
  }
  std::size_t files_on_disk() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator(folder / "remotes")) {
      ++count;
    }
    return count;
  }
  std::string told() {
    std::string messages;
    for (const Event& event : events.events) {
      messages += std::string(to_string(event.kind)) + ": " + event.message + "\n";
    }
    events.clear();
    return messages;
  }

  TemporaryFolder folder;
  TestLoop loop;
  FakeSource source;
  EventLog events;
  RemoteSettings settings;
  Remotes remotes{settings, RemoteStore(folder / "remotes"), source, loop.clock(), events};
};

const std::vector<RemoteNeed> a_file{{url, RemoteRole::file_or_base}};
const std::vector<RemoteNeed> a_base{{base, RemoteRole::base}};

const std::string tip_1(40, '1');
const std::string tip_2(40, '2');

}  // namespace

TEST_CASE("a file elsewhere is asked for once for each revision") {
  World world;
  world.source.files[url] = "one";
  CHECK(world.render(a_file, "r1") == Words{"file one"});
  world.source.files[url] = "two";
  CHECK(world.render(a_file, "r1") == Words{"file one"});
  CHECK(world.source.take_asked().size() == 1);
  CHECK(world.render(a_file, "r2") == Words{"file two"});
  CHECK(world.source.take_asked().size() == 1);
  CHECK(world.files_on_disk() == 2);
}

TEST_CASE("without a revision, as on the command line, it is asked for each time") {
  World world;
  world.source.files[url] = "one";
  CHECK(world.render(a_file, "") == Words{"file one"});
  world.source.files[url] = "two";
  CHECK(world.render(a_file, "") == Words{"file two"});
}

TEST_CASE("a repository is looked up for each revision and fetched when it has moved") {
  World world;
  world.source.commits.emplace(repository, commit('1'));
  CHECK(world.render(a_base, "r1") == Words{"tree " + tip_1});
  CHECK(world.source.take_asked() ==
        Words{"commit https://github.com/org/repo v1", "bundle https://github.com/org/repo"});
  CHECK(world.render(a_base, "r2") == Words{"tree " + tip_1});
  CHECK(world.source.take_asked() == Words{"commit https://github.com/org/repo v1"});
  world.source.commits.at(repository) = commit('2');
  CHECK(world.render(a_base, "r2") == Words{"tree " + tip_1});
  CHECK(world.render(a_base, "r3") == Words{"tree " + tip_2});
  CHECK(world.files_on_disk() == 2);
}

TEST_CASE("a repository at a commit is fetched once and for all") {
  World world;
  world.source.commits.emplace(repository, commit('1'));
  const std::vector<RemoteNeed> needs{{"github.com/org/repo?ref=" + tip_1, RemoteRole::base}};
  CHECK(world.render(needs, "r1") == Words{"tree " + tip_1});
  world.source.failure = Error{ErrorKind::unavailable, "no network"};
  CHECK(world.render(needs, "r2") == Words{"tree " + tip_1});
  CHECK(world.render(needs, "") == Words{"tree " + tip_1});
  CHECK(world.source.take_asked().size() == 2);
  CHECK(world.told().empty());
}

TEST_CASE("folders of one repository are one") {
  World world;
  world.source.commits.emplace(repository, commit('1'));
  CHECK(world.render({{"github.com/org/repo//a?ref=v1", RemoteRole::base},
                      {"https://github.com/org/repo//b?ref=v1", RemoteRole::base}},
                     "r1") == Words{"tree " + tip_1});
  CHECK(world.source.take_asked().size() == 2);
}

TEST_CASE("what can't be reached is rendered as it was before, and told") {
  World world;
  world.source.files[url] = "one";
  world.source.commits.emplace(repository, commit('1'));
  std::vector<RemoteNeed> both = a_file;
  both.push_back(a_base.front());
  const Words before = world.render(both, "r1");
  world.told();
  world.source.failure = Error{ErrorKind::unavailable, "no network"};
  CHECK(world.render(both, "r2") == before);
  CHECK(world.told() ==
        "remote-unavailable: https://example.org/org/repo/a.yaml: no network; what was fetched "
        "before is rendered\n"
        "remote-unavailable: github.com/org/repo//base?ref=v1: no network; what was fetched "
        "before is rendered\n");
}

TEST_CASE("what was never fetched, or is refused now, fails the rendering for now") {
  World world;
  world.source.failure = Error{ErrorKind::unavailable, "no network"};
  CHECK(world.render(a_file, "r1") == Words{"unavailable: " + std::string(url) + ": no network"});
  world.source.failure.reset();
  world.source.files[url] = "one";
  CHECK(world.render(a_file, "r1") == Words{"file one"});
  world.source.files.clear();
  CHECK(world.render(a_file, "r2") ==
        Words{"denied: " + std::string(url) +
              ": status 404; nor is it a repository: no such repository"});
  CHECK(world.render(a_base, "r2") ==
        Words{"denied: " + std::string(base) + ": no such repository"});
}

TEST_CASE("a URL that is no file is tried as a repository, and known as one from then on") {
  World world;
  const std::string page = "https://example.org/org/repo/base?ref=v1";
  world.source.files[page] = "\n <!DOCTYPE html>\n<html>";
  world.source.commits.emplace("https://example.org/org/repo", commit('1'));
  const std::vector<RemoteNeed> needs{{page, RemoteRole::file_or_base}};
  CHECK(world.render(needs, "r1") == Words{"tree " + tip_1, "no file"});
  world.source.take_asked();
  CHECK(world.render(needs, "r2") == Words{"tree " + tip_1, "no file"});
  CHECK(world.source.take_asked() == Words{"commit https://example.org/org/repo v1"});
}

TEST_CASE("HTML is no YAML, but may be the content of a generator") {
  World world;
  world.source.files[url] = "<html>log in</html>";
  CHECK(world.render(a_file, "r1") == Words{"denied: " + std::string(url) +
                                            ": the URL returned HTML, not YAML; nor is it a "
                                            "repository: no such repository"});
  CHECK(world.render({{url, RemoteRole::file}}, "r1") == Words{"file <html>log in</html>"});
  world.source.files.clear();
  CHECK(world.render({{"https://example.org/a", RemoteRole::file}}, "r1") ==
        Words{"denied: https://example.org/a: status 404"});
}

TEST_CASE("that no revision is named is told once for each name") {
  World world;
  world.source.files[url] = "one";
  world.source.commits.emplace(repository, commit('1'));
  const std::vector<RemoteNeed> needs{{url, RemoteRole::file_or_base},
                                      {base, RemoteRole::base},
                                      {"github.com/org/repo", RemoteRole::base}};
  CHECK(world.render(needs, "r1").size() == 3);
  CHECK(world.told() ==
        "remote-unpinned: https://example.org/org/repo/a.yaml names no revision (?ref=...): what "
        "is rendered may change without a commit\n"
        "remote-unpinned: github.com/org/repo names no revision (?ref=...): what is rendered may "
        "change without a commit\n");
  CHECK(world.render(needs, "r2").size() == 3);
  CHECK(world.told().empty());
}

TEST_CASE("what a rendering no longer needs goes from the disk") {
  World world;
  world.source.files[url] = "one";
  world.source.commits.emplace(repository, commit('1'));
  std::vector<RemoteNeed> both = a_file;
  both.push_back(a_base.front());
  CHECK(world.render(both, "r1").size() == 2);
  std::filesystem::create_directories(RemoteStore::work_folder(world.folder / "remotes"));
  CHECK(world.files_on_disk() == 5);
  CHECK(world.render(a_base, "r2").size() == 1);
  CHECK(world.files_on_disk() == 3);
  CHECK(world.render({}, "r3").empty());
  CHECK(world.files_on_disk() == 1);
  CHECK(std::filesystem::exists(RemoteStore::work_folder(world.folder / "remotes")));
}

TEST_CASE("what was used lately is kept where that is asked for") {
  World world;
  EventLog events;
  const auto keep_for = [&](std::optional<std::chrono::hours> unused_max) {
    return Remotes({.count_max = 50, .unused_max = unused_max},
                   RemoteStore(world.folder / "remotes"), world.source, world.loop.clock(), events);
  };
  world.source.files[url] = "one";
  CHECK(world.render(a_file, "r1").size() == 1);
  keep_for(std::nullopt).keep({});
  CHECK(world.files_on_disk() == 2);
  keep_for(std::chrono::hours(24 * 365 * 100)).keep({});
  CHECK(world.files_on_disk() == 2);
  keep_for(std::chrono::hours(0)).keep({});
  CHECK(world.files_on_disk() == 0);
}

TEST_CASE("what is damaged on disk is fetched anew, once") {
  World world;
  world.source.files[url] = "one";
  world.source.commits.emplace(repository, commit('1'));
  std::vector<RemoteNeed> both = a_file;
  both.push_back(a_base.front());
  RemoteGifts gifts{.revision = "r1"};
  REQUIRE(world.provide(both, gifts));
  world.source.take_asked();
  // The renderer asks for what it was given: it is damaged.
  REQUIRE(world.provide(a_file, gifts));
  CHECK(world.source.take_asked() == Words{"file " + std::string(url)});
  CHECK(World::contents(gifts) == Words{"tree " + tip_1, "file one"});
  REQUIRE(world.provide(a_base, gifts));
  CHECK(world.source.take_asked() ==
        Words{"commit https://github.com/org/repo v1", "bundle https://github.com/org/repo"});
  const Result<void> again = world.provide(a_base, gifts);
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == ErrorKind::unavailable);
}

TEST_CASE("an entry that is damaged, or names a file elsewhere, is not there") {
  World world;
  world.source.files[url] = "one";
  CHECK(world.render(a_file, "r1") == Words{"file one"});
  world.source.files[url] = "two";
  const auto change = [&](const std::string& from, const std::string& to) {
    for (const auto& entry : std::filesystem::directory_iterator(world.folder / "remotes")) {
      if (entry.path().extension() != ".json") continue;
      std::string text = read_if_there(entry.path().string(), ByteCount(10'000)).value().value();
      REQUIRE(text.find(from) != std::string::npos);
      text.replace(text.find(from), from.size(), to);
      std::ofstream(entry.path()) << text;
    }
  };
  SECTION("cut") { change("}", ""); }
  SECTION("of another kind") { change("\"kind\":\"file\"", "\"kind\":\"fife\""); }
  SECTION("of another name") { change("a.yaml", "b.yaml"); }
  SECTION("of another folder") { change("\"content\":\"", "\"content\":\"../"); }
  CHECK(world.render(a_file, "r1") == Words{"file two"});
}

TEST_CASE("more than the allowed number of remotes is invalid") {
  World world;
  Remotes few({.count_max = 1}, RemoteStore(world.folder / "remotes"), world.source,
              world.loop.clock(), world.events);
  world.source.files[url] = "one";
  world.source.files["https://example.org/b"] = "two";
  RemoteGifts gifts;
  const Result<void> provided = run_until_done(
      world.loop,
      few.provide({{url, RemoteRole::file}, {"https://example.org/b", RemoteRole::file}}, &gifts));
  REQUIRE_FALSE(provided);
  CHECK(provided.error().kind == ErrorKind::invalid);
}

TEST_CASE("a password in a URL is not told") {
  World world;
  const std::string secret = "https://me:hunter2@example.org/org/repo";
  CHECK(world.render({{secret, RemoteRole::file}}, "r1") ==
        Words{"denied: https://***@example.org/org/repo: status 404"});
  CHECK(world.told().find("hunter2") == std::string::npos);
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "source/submodules.hpp"

#include "source/sparse_tree.hpp"
#include "support/stored_memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {
namespace {

RelativePath at(std::string_view path) { return RelativePath::parse(path).value(); }

const std::string one(40, '1');
const std::string two(40, '2');

std::string url_of(std::string_view parent, std::string_view url) {
  const auto resolved = submodule_url(GitUrl::parse(parent).value(), url);
  return resolved ? resolved->str() : "error: " + resolved.error().message;
}

}  // namespace

TEST_CASE("a .gitmodules is read as git reads its configuration") {
  const auto urls = read_gitmodules(
      "# Comment\n"
      "[submodule \"apps/one\"]\n\tpath = apps/one\n\turl = https://git.example.org/one.git\n"
      "[submodule \"a name.with dots\"]\n\tpath = \"two\"\n\turl = ../two.git ; comment\n"
      "\tbranch = main\n\tshallow\n"
      "[submodule \"twice\"]\n\tpath = three\n\turl = old\n\turl = new\n"
      "[submodule \"no URL\"]\n\tpath = four\n"
      "[submodule \"no path\"]\n\turl = x\n"
      "[submodule \"outside\"]\n\tpath = ../five\n\turl = x\n"
      "[include]\n\tpath = /etc/passwd\n"
      "[core]\n\tsshCommand = touch /tmp/x\n");
  REQUIRE(urls);
  CHECK(*urls ==
        std::map<RelativePath, std::string>{{at("apps/one"), "https://git.example.org/one.git"},
                                            {at("two"), "../two.git"},
                                            {at("three"), "new"},
                                            {at("four"), ""}});
}

TEST_CASE("a .gitmodules that is no configuration is an error that names it") {
  const auto odd = read_gitmodules("[submodule \"x\n");
  REQUIRE_FALSE(odd);
  CHECK(odd.error().kind == ErrorKind::invalid);
  CHECK(odd.error().message.contains(".gitmodules"));
  CHECK(read_gitmodules("")->empty());
}

TEST_CASE("submodules are what both the tree and its .gitmodules name") {
  const std::string text =
      "[submodule \"one\"]\n\tpath = lib/one\n\turl = ../one.git\n"
      "[submodule \"gone\"]\n\tpath = gone\n\turl = ../gone.git\n"
      "[submodule \"file\"]\n\tpath = a.yaml\n\turl = ../file.git\n"
      "[submodule \"linked\"]\n\tpath = link/one\n\turl = ../linked.git\n";
  const auto tree = [&] {
    return make_stored_tree({.files = {{".gitmodules", text}, {"a.yaml", ""}},
                             .links = {{"link", "lib"}},
                             .submodules = {{"lib/one", one}, {"unnamed", two}}});
  };
  const auto urls = gitmodules_of(*tree()).value();
  const auto found = submodules_of(*tree(), urls);
  REQUIRE(found);
  CHECK(*found ==
        std::vector<Submodule>{
            {.path = at("lib/one"), .url = "../one.git", .commit = CommitId::parse(one).value()}});
  const auto sparse = sparse_tree(tree(), {"a.yaml"}).value();
  CHECK(submodules_of(*sparse, urls)->empty());
}

TEST_CASE("a submodule without a URL, and too many of them, are errors") {
  TreeContent content{.files = {}, .links = {}, .submodules = {{"one", one}}};
  const auto nameless = submodules_of(*make_stored_tree(content), {{at("one"), ""}});
  REQUIRE_FALSE(nameless);
  CHECK(nameless.error().message.contains("submodule one"));
  std::map<RelativePath, std::string> urls;
  for (std::size_t i = 0; i <= submodules_max; ++i) {
    content.submodules.emplace(fmt::format("m{}", i), one);
    urls.emplace(at(fmt::format("m{}", i)), "../x");
  }
  CHECK(submodules_of(*make_stored_tree(content), urls).error().kind == ErrorKind::invalid);
}

TEST_CASE("a .gitmodules that is a symlink is none") {
  const auto tree = make_stored_tree(
      {.files = {{"x", "["}}, .links = {{".gitmodules", "x"}}, .submodules = {{"one", one}}});
  CHECK(gitmodules_of(*tree)->empty());
}

TEST_CASE("URLs of submodules are found from that of the repository") {
  CHECK(url_of("https://git.example.org/a/b.git", "https://example.com/c.git") ==
        "https://example.com/c.git");
  CHECK(url_of("https://git.example.org/a/b.git", "../c.git") == "https://git.example.org/a/c.git");
  CHECK(url_of("https://git.example.org:8443/a/b", "../../c") == "https://git.example.org:8443/c");
  CHECK(url_of("https://git.example.org/a/b.git", "./c") == "https://git.example.org/a/b.git/c");
  CHECK(url_of("https://git.example.org/a/b.git", ".././../c") == "https://git.example.org/c");
  CHECK(url_of("ssh://git@git.example.org/a/b.git", "../c.git") ==
        "ssh://git@git.example.org/a/c.git");
  CHECK(url_of("git@git.example.org:a/b.git", "../c.git") == "git@git.example.org:a/c.git");
  CHECK(url_of("git@git.example.org:b.git", "../c.git") == "git@git.example.org:c.git");
  CHECK(url_of("git@git.example.org:b.git", "git@example.com:c.git") == "git@example.com:c.git");
}

TEST_CASE(
    "a submodule that leads above its host, to this machine or holds credentials is refused") {
  for (const std::string_view url :
       {"../../../c", "../../../../evil.example.org/c", "/srv/git/c.git", "c.git", "file:///srv/c",
        "git://git.example.org/c", "ext::sh -c touch", "-oProxyCommand=x:c", "",
        "https://me:hunter2@git.example.org/c"}) {
    CAPTURE(url);
    const auto refused = submodule_url(GitUrl::parse("https://git.example.org/a/b").value(), url);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::invalid);
    CHECK_FALSE(refused.error().message.contains("hunter2"));
    CHECK_FALSE(refused.error().message.contains("git.url"));
  }
}

}  // namespace primocane

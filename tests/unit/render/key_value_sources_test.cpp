// SPDX-License-Identifier: Apache-2.0
#include "render/key_value_sources.hpp"

#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {
namespace {

using Pairs = std::map<std::string, std::string>;

Result<Pairs> load(const KeyValueSources& sources, std::map<std::string, std::string> files,
                   const DocumentLimits& limits = {}) {
  const auto tree = make_memory_tree({.files = std::move(files), .links = {}, .submodules = {}});
  LoadLimits load_limits{.document = limits};
  MemoryRemotes remotes;
  const FileLoader loader(*tree, RelativePath::parse("app").value(), LoadRestrictor::root_only,
                          load_limits, remotes);
  return load_pairs(sources, loader);
}

std::string refusal(const KeyValueSources& sources, std::map<std::string, std::string> files = {}) {
  const auto pairs = load(sources, std::move(files));
  if (pairs) return "accepted";
  return pairs.error().kind == ErrorKind::invalid ? pairs.error().message : "of another kind";
}

TEST_CASE("pairs come from literals, files and env files of the kustomization's folder") {
  const KeyValueSources sources{
      .literals = {"a=1"}, .files = {"conf/app.ini", "other=x"}, .envs = {"my.env"}};
  const auto pairs =
      load(sources, {{"app/conf/app.ini", "ini"}, {"app/x", "\xFF"}, {"app/my.env", "B=2\nC=3\n"}});
  CHECK(pairs.value() ==
        Pairs{{"a", "1"}, {"app.ini", "ini"}, {"other", "\xFF"}, {"B", "2"}, {"C", "3"}});
}

TEST_CASE("a file's key is its name, or what stands before the sign") {
  CHECK(read_file_source("a/b.txt").value() == FileSource{"b.txt", "a/b.txt"});
  CHECK(read_file_source("a/").value() == FileSource{"a", "a/"});
  CHECK(read_file_source("k=a/b.txt").value() == FileSource{"k", "a/b.txt"});
}

TEST_CASE("an item of files with a wrong sign is refused") {
  CHECK_FALSE(read_file_source("=a").has_value());
  CHECK_FALSE(read_file_source("a=").has_value());
  CHECK_FALSE(read_file_source("a=b=c").has_value());
}

TEST_CASE("a key that is there twice is refused wherever it comes from") {
  CHECK(refusal({.literals = {"a=1", "a=1"}, .files = {}, .envs = {}}).find("\"a\"") !=
        std::string::npos);
  CHECK(refusal({.literals = {"a=1"}, .files = {"a"}, .envs = {}}, {{"app/a", "x"}}) != "accepted");
  CHECK(refusal({.literals = {}, .files = {}, .envs = {"e"}}, {{"app/e", "a=1\na=2"}}) !=
        "accepted");
}

TEST_CASE("what is wrong is told with its place and without the values") {
  const std::string literal =
      refusal({.literals = {"a=hunter2", "hunter2"}, .files = {}, .envs = {}});
  CHECK(literal.starts_with("literal 2: "));
  CHECK(literal.find("hunter2") == std::string::npos);
  CHECK(refusal({.literals = {}, .files = {}, .envs = {"e"}}, {{"app/e", "a=1\n\xFF"}})
            .starts_with("app/e:2: "));
  CHECK(refusal({.literals = {}, .files = {"missing"}, .envs = {}}).find("app/missing") !=
        std::string::npos);
}

TEST_CASE("a file outside the kustomization's folder is refused") {
  CHECK(refusal({.literals = {}, .files = {"../b"}, .envs = {}}, {{"b", "x"}}).find("security") !=
        std::string::npos);
}

TEST_CASE("all data together are bounded as one file is") {
  const DocumentLimits limits{.bytes = ByteCount(100)};
  const std::map<std::string, std::string> files = {{"app/a", std::string(60, 'x')},
                                                    {"app/b", std::string(60, 'x')}};
  CHECK(load({.literals = {}, .files = {"a"}, .envs = {}}, files, limits).has_value());
  CHECK_FALSE(load({.literals = {}, .files = {"a", "b"}, .envs = {}}, files, limits).has_value());
}

}  // namespace
}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// What only a bundle can be: cut, changed, made by a stranger. What it promises as a tree is in
// tree_contract_test.cpp.
#include "source/bundle_tree.hpp"

#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

namespace {

RelativePath at(std::string_view path) { return RelativePath::parse(path).value(); }

// Two files, one of them too large to be read, and a link.
class SmallTree final : public StoredTree {
 public:
  Result<EntryKind> kind(const RelativePath& /*path*/) const override { return EntryKind::file; }
  Result<std::string> link_target(const RelativePath& /*path*/) const override { return "a.yaml"; }
  Result<std::vector<TreeEntry>> list(const RelativePath& path) const override {
    if (!path.is_root()) return std::vector<TreeEntry>{{"large.yaml", EntryKind::file}};
    return std::vector<TreeEntry>{
        {"a.yaml", EntryKind::file}, {"folder", EntryKind::folder}, {"link", EntryKind::symlink}};
  }
  Result<std::string> read(const RelativePath& path, ByteCount limit) const override {
    if (path.name() == "large.yaml") return too_large(path, ByteCount(1 << 20), limit);
    return text;
  }
  std::string text = "a: 1\n";
};

Result<std::string> bundle_of(const StoredTree& tree) {
  std::string bundle;
  const auto take = [&bundle](std::string_view piece) -> Result<void> {
    bundle += piece;
    return {};
  };
  const Result<void> written = write_bundle(tree, ByteCount(1000), take);
  if (!written) return std::unexpected(written.error());
  return bundle;
}

struct Opened {
  explicit Opened(const std::string& bundle) {
    std::ofstream(folder / "bundle", std::ios::binary) << bundle;
    tree = open_bundle_tree(UniqueFd(::open((folder / "bundle").c_str(), O_RDONLY)),
                            [this] { ++damages; });
  }

  TemporaryFolder folder;
  int damages = 0;
  Result<std::unique_ptr<SourceTree>> tree = nullptr;
};

}  // namespace

TEST_CASE("a file that was too large for the bundle says so when it is read, and not before") {
  const Opened opened(bundle_of(SmallTree()).value());
  REQUIRE(opened.tree);
  const SourceTree& tree = **opened.tree;
  CHECK(tree.kind(at("folder/large.yaml")) == EntryKind::file);
  const auto large = tree.read(at("folder/large.yaml"), ByteCount(1000));
  REQUIRE_FALSE(large);
  CHECK(large.error().kind == ErrorKind::invalid);
  CHECK(large.error().message == "folder/large.yaml has 1.0 MiB: at most 1000 bytes are read");
  CHECK(tree.read(at("link"), ByteCount(1000)) == "a: 1\n");
  CHECK(opened.damages == 0);
}

TEST_CASE("a bundle that is cut anywhere is no bundle") {
  const std::string bundle = bundle_of(SmallTree()).value();
  for (std::size_t length = 0; length < bundle.size(); ++length) {
    CAPTURE(length);
    const Opened opened(bundle.substr(0, length));
    REQUIRE_FALSE(opened.tree);
    CHECK(opened.tree.error().kind == ErrorKind::unavailable);
  }
  CHECK_FALSE(Opened(bundle + "x").tree);
}

TEST_CASE("content that has changed is never returned, and is told") {
  std::string bundle = bundle_of(SmallTree()).value();
  bundle.replace(bundle.find("a: 1"), 4, "a: 2");
  const Opened opened(bundle);
  REQUIRE(opened.tree);
  const auto text = (*opened.tree)->read(at("a.yaml"), ByteCount(1000));
  REQUIRE_FALSE(text);
  CHECK(text.error().kind == ErrorKind::unavailable);
  CHECK(opened.damages == 1);
}

TEST_CASE("entries that no tree has make a bundle damaged") {
  const std::string hash(64, '0');
  const std::string begin = "primocane bundle 1\n";
  const std::string end("end\0", 4);
  const auto entry = [&](const std::string& line) { return begin + line + '\0' + end; };
  CHECK(Opened(begin + end).tree);
  CHECK(Opened(entry("f 0 " + hash + " a")).tree);
  for (const std::string& line :
       {"f 0 " + hash + " ../a", "f 0 " + hash + " /a", "f 0 " + hash + " ",
        "f 0 " + hash + " a//b", "f 0 " + hash + " .", "f 0 " + hash.substr(1) + " a",
        "d 0 " + hash + " a", "f -1 " + hash + " a", "f 99999999999999999999999 " + hash + " a",
        "f 18446744073709551615 " + hash + " a", "f x " + hash + " a", std::string("f"),
        std::string()}) {
    CAPTURE(line);
    CHECK_FALSE(Opened(entry(line)).tree);
  }
  const std::string twice = "f 0 " + hash + " a" + '\0';
  CHECK_FALSE(Opened(begin + twice + twice + end).tree);
}

TEST_CASE("many entries of all sizes lie where they were put") {
  struct Many final : StoredTree {
    Result<EntryKind> kind(const RelativePath& /*path*/) const override { return EntryKind::file; }
    Result<std::string> link_target(const RelativePath& /*path*/) const override { return ""; }
    Result<std::vector<TreeEntry>> list(const RelativePath& /*path*/) const override {
      std::vector<TreeEntry> entries;
      for (int i = 0; i < 2000; ++i) entries.push_back({std::to_string(i), EntryKind::file});
      return entries;
    }
    Result<std::string> read(const RelativePath& path, ByteCount /*limit*/) const override {
      return std::string(std::stoul(path.str()) * 13 % 20'000, 'x') + path.str();
    }
  };
  const Many many;
  const Opened opened(bundle_of(many).value());
  REQUIRE(opened.tree);
  for (int i = 0; i < 2000; ++i) {
    const RelativePath path = at(std::to_string(i));
    CHECK((*opened.tree)->read(path, ByteCount(1 << 20)) == many.read(path, ByteCount()));
  }
}

TEST_CASE("a tree that never ends is not written") {
  struct Endless final : StoredTree {
    Result<EntryKind> kind(const RelativePath& /*path*/) const override { return EntryKind::file; }
    Result<std::string> link_target(const RelativePath& /*path*/) const override { return ""; }
    Result<std::vector<TreeEntry>> list(const RelativePath& /*path*/) const override {
      return std::vector<TreeEntry>{{"f", EntryKind::folder}};
    }
    Result<std::string> read(const RelativePath& /*path*/, ByteCount /*limit*/) const override {
      return "";
    }
  };
  CHECK(bundle_of(Endless()).error().kind == ErrorKind::invalid);
}

TEST_CASE("a sink that fails ends the writing with its error") {
  const auto full = [](std::string_view /*piece*/) -> Result<void> {
    return fail(ErrorKind::unavailable, "full");
  };
  CHECK(write_bundle(SmallTree(), ByteCount(1000), full).error().message == "full");
}

}  // namespace primocane

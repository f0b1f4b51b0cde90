// SPDX-License-Identifier: Apache-2.0
// What a renderer in its box is given of elsewhere, and what it says that it misses.
#include "render/given_remotes.hpp"

#include "base/sha256.hpp"
#include "base/unique_fd.hpp"
#include "render/render_request.hpp"
#include "source/bundle_tree.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <fstream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr const char* url = "https://example.org/org/a.yaml";
constexpr const char* other_url = "https://example.org/org/repo/base?ref=v1";
constexpr const char* base = "github.com/org/repo/base?ref=v1";

std::string bundle() {
  struct OneFile final : StoredTree {
    Result<EntryKind> kind(const RelativePath& /*path*/) const override { return EntryKind::file; }
    Result<std::string> link_target(const RelativePath& /*path*/) const override { return ""; }
    Result<std::vector<TreeEntry>> list(const RelativePath& /*path*/) const override {
      return std::vector<TreeEntry>{{"a.yaml", EntryKind::file}};
    }
    Result<std::string> read(const RelativePath& /*path*/, ByteCount /*limit*/) const override {
      return "a: 1\n";
    }
  };
  std::string bytes;
  const auto take = [&bytes](std::string_view piece) -> Result<void> {
    bytes += piece;
    return {};
  };
  REQUIRE(write_bundle(OneFile(), ByteCount(100), take));
  return bytes;
}

// A file, a tree and a URL that is none of a file, as descriptors that follow each other.
struct Given {
  explicit Given(const std::string& file = "file", const std::string& tree = bundle())
      : first(put(file)), second(put(tree)) {
    REQUIRE(::dup2(first.get(), 200) == 200);
    REQUIRE(::dup2(second.get(), 201) == 201);
  }
  UniqueFd put(const std::string& bytes) const {
    std::ofstream(folder / "file", std::ios::binary) << bytes;
    UniqueFd opened(::open((folder / "file").c_str(), O_RDONLY | O_CLOEXEC));
    ::unlink((folder / "file").c_str());
    return opened;
  }

  TemporaryFolder folder;
  UniqueFd first;
  UniqueFd second;
  GivenRemotes remotes{
      {{.name = name_of_file(url), .kind = GivenKind::file, .hash = to_hex(sha256("file"))},
       {.name = name_of_file(other_url), .kind = GivenKind::no_file, .hash = ""},
       {.name = name_of_tree(*parse_remote_base(base)), .kind = GivenKind::tree, .hash = ""}},
      200,
      ByteCount(1000)};
};

bool is_pending(const Result<RemoteContent>& found) {
  return found && std::holds_alternative<RemotePending>(*found);
}

}  // namespace

TEST_CASE("what was given is found by how it is written") {
  Given given;
  for (const RemoteRole role : {RemoteRole::file, RemoteRole::file_or_base, RemoteRole::file}) {
    const auto file = given.remotes.find(url, role);
    REQUIRE(file);
    CHECK(std::get<RemoteText>(*file).text == "file");
  }
  for (const std::string_view text :
       {"github.com/org/repo/base?ref=v1", "https://github.com/org/repo//base?version=v1"}) {
    const auto folder = given.remotes.find(text, RemoteRole::base);
    REQUIRE(folder);
    CHECK(std::get<RemoteFolder>(*folder).path.str() == "base");
    CHECK(std::get<RemoteFolder>(*folder).tree->read(RelativePath::parse("a.yaml").value(),
                                                     ByteCount(100)) == "a: 1\n");
  }
  CHECK(given.remotes.is_complete());
}

TEST_CASE("what was not given is noted as needed, each once") {
  Given given;
  CHECK(is_pending(given.remotes.find("https://example.org/b.yaml", RemoteRole::file)));
  CHECK(is_pending(given.remotes.find("https://example.org/b.yaml", RemoteRole::file)));
  CHECK(is_pending(given.remotes.find("github.com/org/repo/base?ref=v2", RemoteRole::base)));
  // It is known to be no file: its repository is missing.
  CHECK(is_pending(given.remotes.find(other_url, RemoteRole::file_or_base)));
  CHECK_FALSE(given.remotes.is_complete());
  CHECK(given.remotes.needs() ==
        std::vector<RemoteNeed>{{"github.com/org/repo/base?ref=v2", RemoteRole::base},
                                {"https://example.org/b.yaml", RemoteRole::file},
                                {other_url, RemoteRole::base}});
}

TEST_CASE("what is damaged is needed again") {
  SECTION("a file") {
    Given given("fill");
    CHECK(is_pending(given.remotes.find(url, RemoteRole::file)));
    CHECK(given.remotes.needs() == std::vector<RemoteNeed>{{url, RemoteRole::file}});
  }
  SECTION("a bundle that is none") {
    Given given("file", "nonsense");
    CHECK(is_pending(given.remotes.find(base, RemoteRole::base)));
    CHECK(given.remotes.needs() == std::vector<RemoteNeed>{{base, RemoteRole::base}});
  }
  SECTION("a bundle, as is seen when a file of it is read") {
    std::string bytes = bundle();
    bytes.replace(bytes.find("a: 1"), 4, "a: 2");
    Given given("file", bytes);
    const auto folder = given.remotes.find(base, RemoteRole::base);
    REQUIRE(folder);
    CHECK(given.remotes.is_complete());
    CHECK_FALSE(std::get<RemoteFolder>(*folder).tree->read(RelativePath::parse("a.yaml").value(),
                                                           ByteCount(100)));
    CHECK(given.remotes.needs() == std::vector<RemoteNeed>{{base, RemoteRole::base}});
  }
}

TEST_CASE("what names nothing remote is invalid, and needed by nobody") {
  Given given;
  CHECK(given.remotes.find("a.yaml", RemoteRole::file).error().kind == ErrorKind::invalid);
  CHECK(given.remotes.find("../base", RemoteRole::base).error().kind == ErrorKind::invalid);
  CHECK(given.remotes.is_complete());
}

TEST_CASE("needs and what is given are read as they were written") {
  const std::vector<RemoteNeed> needs{
      {base, RemoteRole::base}, {url, RemoteRole::file}, {other_url, RemoteRole::file_or_base}};
  CHECK(read_remote_needs(write_remote_needs(needs)) == needs);
  RenderRequest request{.source = RenderSource::folder};
  request.remotes = {{.name = "a", .kind = GivenKind::tree, .hash = ""},
                     {.name = "b", .kind = GivenKind::no_file, .hash = ""},
                     {.name = "c", .kind = GivenKind::file, .hash = "0"}};
  CHECK(read_render_request(write_render_request(request))->remotes == request.remotes);
  RenderAnswerReader reader(10);
  REQUIRE(reader.add(write_remote_needs(needs)));
  CHECK(reader.take_needs() == needs);
}

TEST_CASE("needs that no rendering has are invalid") {
  for (const std::string line :
       {"", "{}", R"({"needs":[]})", R"({"needs":{}})", R"({"needs":["https://a/b"]})",
        R"({"needs":[{"text":"https://a/b"}]})", R"({"needs":[{"text":"a","role":"file"}]})",
        R"({"needs":[{"text":"file:///etc/passwd","role":"file"}]})",
        R"({"needs":[{"text":"../a","role":"base"}]})",
        R"({"needs":[{"text":"git@example.org:a/b","role":"fileOrBase"}]})"}) {
    CAPTURE(line);
    CHECK(read_remote_needs(line).error().kind == ErrorKind::invalid);
  }
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// What names something remote, and what that is: held to a table that kustomize's own code wrote.
#include "render/remote_base.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace primocane {

namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == '\t') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

TEST_CASE("texts are taken for files and for bases as kustomize takes them") {
  std::ifstream table(PRIMOCANE_SOURCE_DIR "/tests/unit/render/remote_bases.tsv");
  REQUIRE(table.good());
  std::size_t lines = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with("#")) continue;
    ++lines;
    const std::vector<std::string> fields = fields_of(line);
    INFO(line);
    CHECK(is_remote_file(fields.at(0)) == (fields.at(1) == "file"));
    const std::optional<RemoteBase> base = parse_remote_base(fields.at(0));
    if (fields.at(2) == "none") {
      CHECK_FALSE(base.has_value());
      continue;
    }
    REQUIRE(base.has_value());
    CHECK(base->repository == fields.at(2));
    CHECK(base->path.str() == fields.at(3));
    CHECK(base->ref == fields.at(4));
    CHECK(base->timeout.value_or(std::chrono::seconds(27)).count() == std::stoi(fields.at(5)));
  }
  CHECK(lines > 250);
}

TEST_CASE("a revision is asked for by ref or by version, in files and in bases") {
  CHECK(has_ref("https://example.org/org/repo?ref=v1"));
  CHECK(has_ref("https://example.org/file.yaml?version=3"));
  CHECK_FALSE(has_ref("https://example.org/org/repo?ref="));
  CHECK_FALSE(has_ref("https://example.org/v1.2.3/file.yaml"));
  CHECK_FALSE(has_ref(""));
  CHECK_FALSE(has_ref("?"));
}

TEST_CASE("what may be a secret in a URL is not shown") {
  CHECK(shown_remote("https://token@example.org/a@b.yaml") == "https://***@example.org/a@b.yaml");
  CHECK(shown_remote("https://me:secret@example.org/x") == "https://***@example.org/x");
  CHECK(shown_remote("ssh://git@example.org/x") == "ssh://git@example.org/x");
  CHECK(shown_remote("https://example.org/a@b.yaml") == "https://example.org/a@b.yaml");
  CHECK(shown_remote("git@example.org:org/repo") == "git@example.org:org/repo");
}

TEST_CASE("what is empty, too long or no text of a line is nothing remote") {
  CHECK_FALSE(parse_remote_base("").has_value());
  CHECK_FALSE(is_remote_file(""));
  const std::string endless = "https://example.org/org/repo/" + std::string(5000, 'a');
  CHECK_FALSE(parse_remote_base(endless).has_value());
  CHECK_FALSE(is_remote_file(endless));
  CHECK_FALSE(is_remote_file("https://example.org/\nfile.yaml"));
  CHECK_FALSE(parse_remote_base(std::string("https://example.org/org/repo/\0", 30)).has_value());
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// What servers say first, recorded from git 2.39 and as hostile servers might.
#include "source/git_greeting.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {

namespace {

const std::string first(40, '1');
const std::string second(40, '2');
const std::string service = "001e# service=git-upload-pack\n0000";
constexpr std::string_view v2_greeting =
    "000eversion 2\n0015agent=git/2.39.5\n0013ls-refs=unborn\n0027fetch=shallow wait-for-done "
    "filter\n0012server-option\n0017object-format=sha1\n0010object-info\n0000";

std::string line(std::string_view text) { return pkt_line(std::string(text) + "\n"); }

std::string first_ref(const std::string& ref, std::string_view capabilities) {
  return pkt_line(ref + '\0' + std::string(capabilities) + "\n");
}

struct Greeting {
  GitCapabilities capabilities;
  RemoteRefs refs;
};

Result<Greeting> read(std::string_view bytes, std::vector<std::string> names = {},
                      std::size_t piece = 5) {
  GreetingReader reader(std::move(names));
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    TRY(reader.add(bytes.substr(at, piece)));
  }
  if (!reader.is_complete()) return fail(ErrorKind::unavailable, "cut");
  return Greeting{reader.capabilities(), reader.take_refs()};
}

}  // namespace

TEST_CASE("a server of protocol v2 shows what it can do") {
  for (const std::string& bytes : {std::string(v2_greeting), service + std::string(v2_greeting)}) {
    const auto greeting = read(bytes);
    REQUIRE(greeting.has_value());
    CHECK(greeting->capabilities == GitCapabilities{.dialect = GitDialect::v2,
                                                    .has_shallow = true,
                                                    .has_filter = true,
                                                    .has_side_band = true});
  }
}

TEST_CASE("a feature is known by its whole name") {
  const auto greeting = read(line("version 2") + line("fetch=shallower unfilter") + "0000");
  REQUIRE(greeting.has_value());
  CHECK_FALSE(greeting->capabilities.has_shallow);
  CHECK_FALSE(greeting->capabilities.has_filter);
}

TEST_CASE("an older server shows all its refs, of which the wanted ones are kept") {
  const std::string refs =
      first_ref(first + " HEAD",
                "multi_ack side-band-64k ofs-delta shallow filter symref=HEAD:refs/heads/main "
                "object-format=sha1 agent=git/2.39.5") +
      line(first + " refs/heads/main") + line(second + " refs/heads/other") +
      line(first + " refs/tags/v1") + line(second + " refs/tags/v1^{}") +
      line("shallow " + second) + "0000";
  for (const std::string& bytes : {refs, service + refs, service + line("version 1") + refs}) {
    const auto greeting = read(bytes, {"refs/heads/main", "refs/tags/v1"});
    REQUIRE(greeting.has_value());
    CHECK(greeting->capabilities == GitCapabilities{.dialect = GitDialect::v0,
                                                    .has_shallow = true,
                                                    .has_filter = true,
                                                    .has_side_band = true});
    REQUIRE(greeting->refs.size() == 2);
    CHECK(greeting->refs.at("refs/heads/main").commit.str() == first);
    CHECK(greeting->refs.at("refs/tags/v1").commit.str() == second);
  }
}

TEST_CASE("an empty repository has no refs") {
  const std::string none = first_ref(std::string(40, '0') + " capabilities^{}", "side-band-64k");
  const auto greeting = read(none + "0000", {"refs/heads/main"});
  REQUIRE(greeting.has_value());
  CHECK(greeting->refs.empty());
  CHECK(read(service + "0000")->refs.empty());
}

TEST_CASE("a repository of SHA-256 objects is a clear error") {
  for (const std::string& bytes :
       {line("version 2") + line("object-format=sha256") + "0000",
        first_ref(std::string(64, '1') + " HEAD", "object-format=sha256") + "0000"}) {
    const auto greeting = read(bytes);
    REQUIRE_FALSE(greeting.has_value());
    CHECK(greeting.error().kind == ErrorKind::invalid);
    CHECK(greeting.error().message.find("SHA-1") != std::string::npos);
  }
}

TEST_CASE("what is no greeting of a Git server is invalid") {
  for (const std::string& bytes :
       {std::string("<!DOCTYPE html>"), line("hello"), line(first + " HEAD"), std::string("0001"),
        "001e# service=git-upload-pack\n" + line("x"), std::string(v2_greeting) + "0000",
        line("version 2") + "0001", first_ref("x HEAD", "") + "0000",
        first_ref(first + " HEAD", "") + line("x y") + "0000"}) {
    INFO(bytes);
    const auto greeting = read(bytes);
    REQUIRE_FALSE(greeting.has_value());
    CHECK(greeting.error().kind == ErrorKind::invalid);
  }
  CHECK(read(pkt_line("ERR access denied")).error().kind == ErrorKind::denied);
  CHECK(read(v2_greeting.substr(0, 40)).error().kind == ErrorKind::unavailable);
}

}  // namespace primocane

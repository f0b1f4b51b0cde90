// SPDX-License-Identifier: Apache-2.0
// Which URLs name a repository, and which are refused.
#include "source/git_url.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {

namespace {

struct Parts {
  GitScheme scheme;
  std::string user;
  std::string host;
  int port;
  std::string path;
  bool operator==(const Parts&) const = default;
};

Parts parts_of(std::string_view text) {
  const Result<GitUrl> url = GitUrl::parse(text);
  INFO(text);
  REQUIRE(url.has_value());
  return {url->scheme(), url->user(), url->host(), url->port(), url->path()};
}

}  // namespace

TEST_CASE("URLs of every served scheme are taken apart") {
  CHECK(parts_of("https://example.org/a/b.git") ==
        Parts{GitScheme::https, "", "example.org", 0, "/a/b.git"});
  CHECK(parts_of("HTTPS://example.org:8443/a/") ==
        Parts{GitScheme::https, "", "example.org", 8443, "/a"});
  CHECK(parts_of("http://[::1]:80/a") == Parts{GitScheme::http, "", "::1", 80, "/a"});
  CHECK(parts_of("ssh://git@example.org:2222/srv/a.git") ==
        Parts{GitScheme::ssh, "git", "example.org", 2222, "/srv/a.git"});
  CHECK(parts_of("ssh://example.org/~me/a") ==
        Parts{GitScheme::ssh, "", "example.org", 0, "/~me/a"});
}

TEST_CASE("the short form of scp is SSH") {
  CHECK(parts_of("git@example.org:me/a.git") ==
        Parts{GitScheme::ssh, "git", "example.org", 0, "me/a.git"});
  CHECK(parts_of("nas:/srv/git/a") == Parts{GitScheme::ssh, "", "nas", 0, "/srv/git/a"});
  CHECK(parts_of("git@[fd00::1]:a") == Parts{GitScheme::ssh, "git", "fd00::1", 0, "a"});
}

TEST_CASE("credentials in a URL are refused and not repeated") {
  for (const std::string_view text :
       {"https://me:hunter2@example.org/a", "https://hunter2@example.org/a",
        "ssh://git:hunter2@example.org/a", "git:hunter2@example.org:a",
        "http://me:hunter2@example.org/a", "git:hunter2@example.org/a"}) {
    const Result<GitUrl> url = GitUrl::parse(text);
    INFO(text);
    REQUIRE_FALSE(url.has_value());
    CHECK(url.error().kind == ErrorKind::invalid);
    CHECK(url.error().message.find("hunter2") == std::string::npos);
    CHECK(url.error().message.find("passwordFile") != std::string::npos);
  }
}

TEST_CASE("nothing in a URL can be taken for an option of ssh or leave a line") {
  for (const std::string_view text :
       {"ssh://-oProxyCommand=touch/a", "ssh://-oProxyCommand/a", "-oProxyCommand=x:a",
        "ssh://git@-oProxyCommand/a", "ssh://-x@example.org/a", "-x@example.org:a",
        "ssh://example.org/a\nb", "ssh://exa mple.org/a", "ssh://example.org;x/a", "ssh://$(x)/a",
        "https://example.org\\@evil.org/a"}) {
    INFO(text);
    CHECK_FALSE(GitUrl::parse(text).has_value());
  }
}

TEST_CASE("what is no URL of a repository is invalid") {
  for (const std::string_view text : {"",
                                      " ",
                                      "example",
                                      "/srv/git/a",
                                      "./a",
                                      "file:///srv/git/a",
                                      "git://example.org/a",
                                      "ext::sh -c x",
                                      "https://",
                                      "https:///a",
                                      "https://example.org",
                                      "https://example.org/",
                                      "https://example.org:0/a",
                                      "https://example.org:65536/a",
                                      "https://example.org:/a",
                                      "https://example.org:8x/a",
                                      "https://[::1/a",
                                      "https://[::1]x/a",
                                      "https://[x y]/a",
                                      "https://example.org/a?token=x",
                                      "https://example.org/a#b",
                                      "host:",
                                      ":path",
                                      "a/b:c",
                                      "https://exämple.org/a"}) {
    INFO(text);
    const Result<GitUrl> url = GitUrl::parse(text);
    REQUIRE_FALSE(url.has_value());
    CHECK(url.error().kind == ErrorKind::invalid);
  }
  CHECK_FALSE(GitUrl::parse("https://example.org/" + std::string(3000, 'a')).has_value());
}

TEST_CASE("only http is flagged as insecure") {
  CHECK(GitUrl::parse("http://example.org/a")->is_insecure());
  CHECK_FALSE(GitUrl::parse("https://example.org/a")->is_insecure());
  CHECK_FALSE(GitUrl::parse("nas:a")->is_insecure());
}

TEST_CASE("a redirect stays on its host and never gets less secure") {
  const auto may = [](std::string_view from, std::string_view to) {
    return GitUrl::parse(from)->may_redirect_to(*GitUrl::parse(to));
  };
  CHECK(may("https://example.org/a", "https://example.org/b"));
  CHECK(may("https://example.org/a", "https://example.org:443/b"));
  CHECK(may("http://example.org/a", "https://example.org/a"));
  CHECK_FALSE(may("https://example.org/a", "http://example.org/a"));
  CHECK_FALSE(may("https://example.org/a", "https://example.org:8443/a"));
  CHECK_FALSE(may("https://example.org/a", "https://www.example.org/a"));
  CHECK_FALSE(may("http://example.org:8080/a", "https://example.org/a"));
}

}  // namespace primocane

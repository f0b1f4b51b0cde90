// SPDX-License-Identifier: Apache-2.0
// How a GitRepository of Flux is followed.
#include "reconcile/git_source_settings.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

namespace primocane {

namespace {

GitRepositorySpec spec_of(std::string url) {
  GitRepositorySpec spec;
  spec.url = std::move(url);
  spec.reference.branch = "main";
  spec.timeout = std::chrono::milliseconds(1500);
  return spec;
}

std::string refusal_of(const GitRepositorySpec& spec, const GitSecrets& secrets = {}) {
  const auto source = git_source_of(spec, secrets, {});
  REQUIRE_FALSE(source.has_value());
  CHECK(source.error().kind == ErrorKind::invalid);
  return source.error().message;
}

}  // namespace

TEST_CASE("a source has its own address, ref and login, and the configured limits") {
  GitSettings configured;
  configured.url = "https://own.example.org/lab";
  configured.authentication.token_file = "/token";
  configured.proxy = "http://proxy";
  configured.ca_file = "/ca";
  configured.depth_max = 7;
  GitRepositorySpec spec = spec_of("https://example.org/a/");
  spec.reference.semver = "1.x";
  const GitSecrets secrets{.login = SecretData{{"username", "u"}, {"password", "p"}},
                           .proxy = {},
                           .system_authorities = {}};
  const auto source = git_source_of(spec, secrets, configured);
  REQUIRE(source.has_value());
  CHECK(source->settings.url == "https://example.org/a");
  CHECK(source->settings.reference == GitReference{.branch = "main", .semver = "1.x"});
  CHECK(source->settings.authentication == GitAuthentication());
  CHECK((source->settings.proxy + source->settings.ca_file).empty());
  CHECK(source->settings.depth_max == 7);
  CHECK(source->settings.fetch_timeout == std::chrono::seconds(2));
  CHECK(source->access.username == "u");
}

TEST_CASE("what is wrong with a source is told by the fields of its spec") {
  CHECK(refusal_of(spec_of("https://u:s3cret@example.org/a")) ==
        "spec.url holds credentials: put them into the Secret of spec.secretRef");
  CHECK(refusal_of(spec_of("https://")).starts_with("spec.url "));
  CHECK(refusal_of(spec_of("ssh://example.org/a")).contains("spec.secretRef"));
  GitRepositorySpec spec = spec_of("https://example.org/a");
  spec.reference.commit = "abc";
  CHECK(refusal_of(spec).starts_with("spec: ref.commit"));
}

}  // namespace primocane

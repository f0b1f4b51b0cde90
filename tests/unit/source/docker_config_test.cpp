// SPDX-License-Identifier: Apache-2.0
// Specification of what Secrets say about registries, and of what registries ask.
#include "source/docker_config.hpp"

#include "base/base64.hpp"
#include "source/auth_challenge.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

using namespace primocane;

namespace {

OciUrl app(std::string_view registry = "ghcr.io") {
  return OciUrl::parse(fmt::format("oci://{}/org/app", registry)).value();
}

// The user for `repository`, whose names are keys of the configuration.
std::string user(const std::vector<std::string>& keys, const OciUrl& repository) {
  std::string config;
  for (const std::string& key : keys) {
    config += fmt::format(R"({}"{}":{{"auth":"{}"}})", config.empty() ? "" : ",", key,
                          to_base64(key + "!:p:w"));
  }
  const auto login = read_docker_config("{\"auths\":{" + config + "}}", repository);
  REQUIRE(login.has_value());
  if (!*login) return "nobody";
  CHECK((*login)->password.ends_with("p:w"));
  return (*login)->username + (*login)->password;
}

}  // namespace

TEST_CASE("the login in a docker configuration is that of the registry") {
  const auto login = read_docker_config(
      R"({"auths":{"ghcr.io":{"username":"ann","password":"pw","auth":"ignored"}}})", app());
  CHECK((*login)->username == "ann");
  CHECK((*login)->password == "pw");
  const auto token =
      read_docker_config(R"({"ghcr.io":{"identitytoken":"i","registrytoken":"r"}})", app());
  CHECK((*token)->identity_token == "i");
  CHECK((*token)->registry_token == "r");
}

TEST_CASE("the key of a docker configuration that fits a repository best wins") {
  const auto key_of = [](const std::vector<std::string>& keys, const OciUrl& url) {
    std::string said = user(keys, url);
    return said.substr(0, said.find('!'));
  };
  CHECK(key_of({"ghcr.io", "quay.io"}, app()) == "ghcr.io");
  CHECK(key_of({"ghcr.io", "ghcr.io/org", "ghcr.io/other"}, app()) == "ghcr.io/org");
  CHECK(user({"ghcr.io/organisation"}, app()) == "nobody");
  CHECK(user({"ghcr.io:443"}, app()) == "nobody");
  CHECK(key_of({"*.io"}, app()) == "*.io");
  CHECK(user({"*.io"}, app("a.ghcr.io")) == "nobody");
  CHECK(user({"registry:5000"}, app("registry:5000")) != "nobody");
  CHECK(user({}, app()) == "nobody");
}

TEST_CASE("a key of a docker configuration may be a URL with a version") {
  for (const char* key : {"https://ghcr.io", "https://ghcr.io/", "http://ghcr.io/v1/",
                          "ghcr.io/v2/", "https://ghcr.io/v2/org"}) {
    INFO(key);
    CHECK(user({key}, app()) != "nobody");
  }
  CHECK(user({"https://index.docker.io/v1/"}, OciUrl::parse("oci://org/app").value()) != "nobody");
  CHECK(user({"docker.io"}, OciUrl::parse("oci://org/app").value()) != "nobody");
}

TEST_CASE("what is no docker configuration is refused without repeating it") {
  for (const char* text : {"", "secret", "[\"secret\"]", R"({"auths":"secret"})",
                           R"({"auths":{"ghcr.io":{"auth":"secret"}}})",
                           R"({"auths":{"ghcr.io":{"auth":"c2VjcmV0"}}})"}) {
    const auto login = read_docker_config(text, app());
    REQUIRE_FALSE(login);
    CHECK(login.error().kind == ErrorKind::invalid);
    CHECK(login.error().message.find("secret") == std::string::npos);
  }
}

TEST_CASE("the login is that of the first Secret that has one for the registry") {
  const std::vector<SecretData> secrets{
      {{".dockerconfigjson", R"({"auths":{"quay.io":{"username":"a","password":"b"}}})"}},
      {{"username", "ann"}, {"password", "pw"}}};
  CHECK(registry_login(secrets, app())->username == "ann");
  CHECK(registry_login(secrets, app("quay.io"))->username == "a");
  CHECK(registry_login({}, app())->is_anonymous());
  const std::vector<SecretData> half{{{"username", "ann"}}};
  CHECK(registry_login(half, app()).error().kind == ErrorKind::invalid);
}

TEST_CASE("certificates come under their newer and their older names") {
  TlsSettings tls;
  CHECK(add_certificates({{"ca.crt", "CA"}}, tls));
  CHECK(tls.ca_pem == "CA");
  CHECK(add_certificates({{"certFile", "C"}, {"keyFile", "K"}}, tls));
  CHECK(tls.certificate_pem == "C");
  CHECK(tls.key_pem == "K");
  CHECK_FALSE(add_certificates({{"tls.crt", "C"}}, tls));
  CHECK_FALSE(add_certificates({{"other", "C"}}, tls));
}

TEST_CASE("a proxy has its login in its URL") {
  CHECK(proxy_of_secret({{"address", "http://proxy:3128\n"}}) == "http://proxy:3128");
  CHECK(proxy_of_secret({{"address", "socks5://p:1"}, {"username", "a@b"}, {"password", "p:/"}}) ==
        "socks5://a%40b:p%3A%2F@p:1");
  CHECK_FALSE(proxy_of_secret({{"address", "http://a:b@proxy"}}));
  CHECK_FALSE(proxy_of_secret({}));
}

TEST_CASE("what a server wants is read from its challenges") {
  const auto bearer = read_challenges(
      R"(Bearer realm="https://auth.example.org/token",service="reg \"x\"", Scope=pull)");
  REQUIRE(bearer.size() == 1);
  CHECK(bearer[0].scheme == "bearer");
  CHECK(bearer[0].parameter("realm") == "https://auth.example.org/token");
  CHECK(bearer[0].parameter("service") == "reg \"x\"");
  CHECK(bearer[0].parameter("scope") == "pull");
  CHECK(bearer[0].parameter("nothing").empty());
  const auto two = read_challenges("Basic realm=x, Bearer realm=\"y\"");
  REQUIRE(two.size() == 2);
  CHECK(two[1].parameter("realm") == "y");
  CHECK(read_challenges("").empty());
  CHECK(read_challenges("realm=\"x\"").empty());
  CHECK(read_challenges("Bearer realm=\"cut").front().parameters.empty());
}

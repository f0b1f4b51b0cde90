// SPDX-License-Identifier: Apache-2.0
// Specification of read_kubeconfig.
#include "cluster/kubeconfig.hpp"

#include "base/base64.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>

using namespace primocane;

namespace {

const std::string ca_pem = "-----BEGIN CERTIFICATE-----\nCA\n-----END CERTIFICATE-----\n";
const std::string key_pem = "-----BEGIN EC PRIVATE KEY-----\nKEY\n-----END EC PRIVATE KEY-----\n";

std::string config(std::string_view cluster, std::string_view user) {
  return fmt::format(R"(apiVersion: v1
kind: Config
clusters:
- name: home
  cluster: {}
contexts:
- name: default
  context: {{cluster: home, user: admin}}
current-context: default
users:
- name: admin
  user: {}
)",
                     cluster, user);
}

Result<ClusterAccess> read(std::string_view text) {
  return read_kubeconfig(text, "/etc/kube/config.yaml");
}

void require_refused(std::string_view text, std::string_view words) {
  const auto refused = read(text);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
  CHECK(refused.error().message.starts_with("/etc/kube/config.yaml:"));
  CHECK(refused.error().message.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("K3s's kubeconfig with certificates in base64 is read") {
  const std::string text = fmt::format(R"(apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: {}
    server: https://127.0.0.1:6443
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
preferences: {{}}
users:
- name: default
  user:
    client-certificate-data: {}
    client-key-data: {}
)",
                                       to_base64(ca_pem), to_base64(ca_pem), to_base64(key_pem));
  const auto access = read(text);
  REQUIRE(access);
  CHECK(access->server == "https://127.0.0.1:6443");
  CHECK(access->tls.ca_pem == ca_pem);
  CHECK(access->tls.certificate_pem == ca_pem);
  CHECK(access->tls.key_pem == key_pem);
  CHECK(access->bearer_token.empty());
}

TEST_CASE("a kubeconfig may be JSON") {
  const auto access = read(R"({"current-context":"c","contexts":[{"name":"c","context":
    {"cluster":"k","user":"u"}}],"clusters":[{"name":"k","cluster":{"server":"https://k:1"}}],
    "users":[{"name":"u","user":{"token":"abc"}}]})");
  REQUIRE(access);
  CHECK(access->server == "https://k:1");
  CHECK(access->bearer_token == "abc");
}

TEST_CASE("files are relative to the kubeconfig's folder") {
  const auto access = read(
      config("{server: 'https://k:6443/', certificate-authority: pki/ca.crt}",
             "{client-certificate: /abs/admin.crt, client-key: admin.key, tokenFile: ../token}"));
  REQUIRE(access);
  CHECK(access->server == "https://k:6443");
  CHECK(access->tls.ca_file == "/etc/kube/pki/ca.crt");
  CHECK(access->tls.certificate_file == "/abs/admin.crt");
  CHECK(access->tls.key_file == "/etc/kube/admin.key");
  CHECK(access->token_file == "/etc/kube/../token");
}

TEST_CASE("name and password, proxy and the certificate's name are read") {
  const auto access = read(config(
      "{server: 'https://10.0.0.1:6443', tls-server-name: kubernetes, proxy-url: 'http://p:3128'}",
      "{username: ada, password: lovelace}"));
  REQUIRE(access);
  CHECK(access->tls.server_name == "kubernetes");
  CHECK(access->proxy == "http://p:3128");
  CHECK(access->username == "ada");
  CHECK(access->password == "lovelace");
}

TEST_CASE("another context than the current one can be chosen") {
  const std::string two = config("{server: 'https://one:1'}", "{token: a}") + R"(
- name: other
  user: {token: b}
)";
  std::string text = two;
  text.replace(text.find("current-context"), 0,
               "- name: second\n  context: {cluster: home, user: other}\n");
  CHECK(read_kubeconfig(text, "k", "second")->bearer_token == "b");
  CHECK(read_kubeconfig(text, "k")->bearer_token == "a");
  CHECK(read_kubeconfig(text, "k", "third").error().message.find("third") != std::string::npos);
}

TEST_CASE("what runs programs, skips checks or makes us somebody else is refused") {
  require_refused(config("{server: 'https://k:1'}", "{exec: {command: aws}}"), "\"exec\"");
  require_refused(config("{server: 'https://k:1'}", "{auth-provider: {name: gcp}}"),
                  "\"auth-provider\"");
  require_refused(config("{server: 'https://k:1'}", "{token: a, as: root}"), "impersonation");
  require_refused(config("{server: 'https://k:1', insecure-skip-tls-verify: true}", "{token: a}"),
                  "insecure-skip-tls-verify");
  CHECK(read(config("{server: 'https://k:1', insecure-skip-tls-verify: false}", "{token: a}")));
}

TEST_CASE("what is missing or broken is named with its line") {
  require_refused(config("{}", "{token: a}"), "server");
  require_refused(config("{server: 'http://k:1'}", "{token: a}"), "https://");
  require_refused(config("{server: 'https://k:1', certificate-authority-data: '%%'}", "{token: a}"),
                  "certificate-authority-data");
  require_refused(config("{server: 'https://k:1'}", "{client-key-data: aGVsbG8=}"),
                  "client-key-data");
  require_refused(config("{server: 'https://k:1'}", "{client-certificate: a.crt}"), "no key");
  require_refused(config("{server: 'https://k:1'}", "{client-key: a.key}"), "no certificate");
  require_refused(config("{server: 'https://k:1'}", "{token: [a]}"), "token");
  require_refused(config("{server: 7}", "{token: a}"), "server");
  require_refused("kind: Pod\n", "Pod");
  require_refused("clusters: []\n", "current-context");
  require_refused("current-context: a\ncontexts: []\n", "\"a\"");
  require_refused("current-context: a\ncontexts: 7\n", "\"a\"");
}

TEST_CASE("what is no document at all is refused") {
  for (const std::string_view text : {"", "- a\n", "a: 1\n---\nb: 1\n", "a: [", "just text"}) {
    CHECK(read(text).error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("a message never holds a secret") {
  const auto refused = read(config("{server: 'https://k:1'}", "{token: hunter2, exec: {}}"));
  CHECK(refused.error().message.find("hunter2") == std::string::npos);
}

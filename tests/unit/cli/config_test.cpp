// SPDX-License-Identifier: Apache-2.0
// The configuration: what is accepted, what is refused with which line, and what is in force.
#include "cli/config.hpp"

#include "cli/config_keys.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view least = "git:\n  url: https://git.example.org/home.git\n";

Config config_of(std::string_view text) {
  Result<ConfigFile> file = read_config(text, "config.yaml", {});
  INFO((file ? "" : file.error().message));
  REQUIRE(file);
  return file->config;
}

// The message with which `text` is refused.
std::string refusal_of(std::string_view text) {
  const Result<ConfigFile> file = read_config(text, "config.yaml", {});
  REQUIRE_FALSE(file);
  CHECK(file.error().kind == ErrorKind::invalid);
  return file.error().message;
}

std::string read_text(const std::string& path) {
  std::ifstream stream(path);
  REQUIRE(stream);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a configuration that names only the repository has defaults for all else") {
  const Config config = config_of(least);
  CHECK(config.git.url == "https://git.example.org/home.git");
  CHECK(config.git.branch == "main");
  CHECK(config.path.is_root());
  CHECK(config.interval == 60s);
  CHECK(config.kubeconfig == "/etc/rancher/k3s/k3s.yaml");
  CHECK(config.deletions_max == 20);
  CHECK(config.data_kinds == DataKinds::keep);
  CHECK(config.log_level == LogLevel::info);
  CHECK(named_files(config).empty());
}

TEST_CASE("every key reaches the field that it is about") {
  const Config config = config_of(R"(
git:
  url: https://git.example.org/home.git
  branch: production
  path: ./clusters//pi
  interval: 5m
  caFile: /ca.pem
  proxy: http://proxy:3128
  verify: {keys: /signers}
  authentication: {username: u, passwordFile: /p, clientCertificate: /c, clientKey: /k}
  timeouts: {connect: 1s, stall: 2s, fetch: 1h}
  limits: {packSize: 2Mi, packObjects: 1000, depth: 7}
cluster: {kubeconfig: /kube, context: home}
decryption: {ageKeyFile: /age}
prune: {maxDeletions: 0, dataKinds: flux}
render: {memory: 64Mi, cpuTime: 30s, fileSize: 1Mi, objects: 500,
         outputSize: 2Mi, remotes: 3, remoteSize: 4Mi, remoteTimeout: 5s}
log: {level: debug, format: text}
)");
  CHECK(config.git.branch == "production");
  CHECK(config.path.str() == "clusters/pi");
  CHECK(config.interval == 300s);
  CHECK(config.git.ca_file == "/ca.pem");
  CHECK(config.git.proxy == "http://proxy:3128");
  CHECK(config.git.authentication.username == "u");
  CHECK(config.git.authentication.password_file == "/p");
  CHECK(config.git.authentication.client_certificate == "/c");
  CHECK(config.git.authentication.client_key == "/k");
  CHECK(config.git.connect_timeout == 1s);
  CHECK(config.git.stall_timeout == 2s);
  CHECK(config.git.fetch_timeout == 3600s);
  CHECK(config.git.pack_max == ByteCount(2 * 1024 * 1024));
  CHECK(config.git.objects_max == 1000);
  CHECK(config.git.depth_max == 7);
  CHECK(config.kubeconfig == "/kube");
  CHECK(config.context == "home");
  CHECK(config.age_key_file == "/age");
  CHECK(config.verification_keys == "/signers");
  CHECK(config.deletions_max == 0);
  CHECK(config.data_kinds == DataKinds::flux);
  CHECK(config.render.memory == ByteCount(64 * 1024 * 1024));
  CHECK(config.render.cpu_time == 30s);
  CHECK(config.render.file_size == ByteCount(1024 * 1024));
  CHECK(config.render.objects == 500);
  CHECK(config.render.output_size == ByteCount(2 * 1024 * 1024));
  CHECK(config.render.remotes == 3);
  CHECK(config.render.remote_size == ByteCount(4 * 1024 * 1024));
  CHECK(config.render.remote_timeout == 5s);
  CHECK(config.log_level == LogLevel::debug);
  CHECK(config.log_format == LogFormat::text);
}

TEST_CASE("an ssh repository needs known hosts") {
  const Config config = config_of(R"(
git:
  url: git@git.example.org:home.git
  authentication: {sshKey: /key, sshKnownHosts: /hosts}
)");
  CHECK(config.git.authentication.ssh_key == "/key");
  CHECK(config.git.authentication.ssh_known_hosts == "/hosts");
  CHECK(refusal_of("git:\n  url: git@git.example.org:home.git\n") ==
        "config.yaml:2: git.url is for ssh, which needs git.authentication.sshKnownHosts: a file "
        "with the server's host keys, as ssh-keyscan writes it");
}

TEST_CASE("what is wrong is told with its line, and a key that is near with what was meant") {
  struct Row {
    std::string_view more;      // after the least configuration, from line 3 on
    std::string_view expected;  // part of the message
  };
  const Row row = GENERATE(values<Row>({
      {"  brnch: x", ":3: git has no field \"brnch\"; did you mean \"branch\"?"},
      {"prun: {}", ":3: the configuration has no field \"prun\"; did you mean \"prune\"?"},
      {"  banana: x", ":3: git has no field \"banana\""},
      {"  timeouts: {conect: 1s}", ":3: git.timeouts has no field \"conect\"; did you mean"},
      {"  branch: main\n  branch: x", ":4"},
      {"  branch: 1.10", ":3: git.branch must be a string, not a number; put it in quotes"},
      {"  branch: [main]", ":3: git.branch must be a string, not a list"},
      {"  branch: ..", ":3: git.branch \"..\" is no name of a branch"},
      {"  branch:", ":3: git.branch has no value; remove the line to use the default"},
      {"prune:", ":3: prune has no value"},
      {"prune: 5", ":3: prune must be a mapping, not a number"},
      {"  path: /clusters", ":3: git.path"},
      {"  path: ../x", ":3: git.path"},
      {"  interval: 60", ":3: git.interval needs a unit: 60s for 60 seconds"},
      {"  interval: soon", ":3: git.interval \"soon\" is not a duration"},
      {"  interval: 1s", ":3: git.interval must be between 5s and 24h, not 1s"},
      {"  interval: 48h", ":3: git.interval must be between 5s and 24h, not 48h"},
      {"  interval: 5500ms", ":3: git.interval must be whole seconds, not 5500ms"},
      {"  proxy: proxy:3128", ":3: git.proxy must be a URL"},
      {"  limits: {packSize: 1GB}", ":3: git.limits.packSize \"1GB\" is not a size"},
      {"  limits: {packSize: 1}", ":3: git.limits.packSize must be between 1Mi and 64Gi, not 1"},
      {"  limits: {depth: many}", ":3: git.limits.depth must be a number, not a string"},
      {"  limits: {depth: 1.5}", ":3: git.limits.depth must be a whole number between"},
      {"prune: {maxDeletions: -1}", ":3: prune.maxDeletions must be a whole number between 0"},
      {"prune: {dataKinds: Keep}",
       ":3: prune.dataKinds must be one of keep, flux, not \"Keep\"; did you mean \"keep\"?"},
      {"log: {level: verbose}", ":3: log.level must be one of error, warning, info, debug"},
      {"cluster: {kubeconfig: ''}", ":3: cluster.kubeconfig must name a file, and is empty"},
      {"  authentication: {username: u}",
       ":3: git.authentication.username needs git.authentication.passwordFile as well"},
      {"  authentication: {passwordFile: /p}",
       ":3: git.authentication.passwordFile needs git.authentication.username as well"},
      {"  authentication: {clientKey: /k}",
       ":3: git.authentication.clientKey needs git.authentication.clientCertificate as well"},
      {"  authentication: {username: u, passwordFile: /p, tokenFile: /t}",
       ":3: git.authentication.tokenFile and git.authentication.passwordFile exclude each other"},
      {"  authentication: {sshKey: /k}", ":3: git.authentication.sshKey is only for ssh"},
      {"---\ngit: {}", ":3: a second document begins here"},
  }));
  const std::string message = refusal_of(std::string(least) + std::string(row.more) + "\n");
  CAPTURE(row.more, message);
  CHECK(message.starts_with("config.yaml:"));
  CHECK(message.find(row.expected) != std::string::npos);
}

TEST_CASE("settings of https are refused for an ssh repository") {
  const std::string_view key =
      GENERATE("authentication: {sshKnownHosts: /h, tokenFile: /t}",
               "authentication: {sshKnownHosts: /h, username: u, passwordFile: /p}", "caFile: /ca",
               "proxy: http://p:1");
  const std::string message = refusal_of("git:\n  url: ssh://git@host/x\n  " + std::string(key));
  CAPTURE(message);
  CHECK(message.find("is only for https") != std::string::npos);
}

TEST_CASE("an empty file says what is missing") {
  const std::string_view text = GENERATE("", "# nothing\n", "git: {}\n", "log: {level: info}\n");
  CHECK(refusal_of(text).find("git.url is missing") != std::string::npos);
}

TEST_CASE("a URL with credentials is refused and not repeated") {
  const std::string message = refusal_of("git:\n  url: https://me:hunter2@git.example.org/x\n");
  CHECK(message.find("hunter2") == std::string::npos);
  CHECK(message.starts_with("config.yaml:2: git.url holds credentials"));
}

TEST_CASE("relative file names are seen from the folder of the configuration") {
  const Result<ConfigFile> file =
      read_config(std::string(least) + "  caFile: ca.pem\ncluster: {kubeconfig: /kube}\n", "x",
                  {.folder = "/etc/primocane", .credentials = {}});
  REQUIRE(file);
  CHECK(file->config.git.ca_file == "/etc/primocane/ca.pem");
  CHECK(file->config.kubeconfig == "/kube");
}

TEST_CASE("a credential is the service's, or a file beside the configuration") {
  const std::string text =
      std::string(least) + "  authentication: {tokenFile: \"credential:git-token\"}\n";
  const Result<ConfigFile> service =
      read_config(text, "x", {.folder = "/etc/primocane", .credentials = "/run/credentials/p"});
  REQUIRE(service);
  CHECK(service->config.git.authentication.token_file == "/run/credentials/p/primocane_git-token");
  const Result<ConfigFile> command =
      read_config(text, "x", {.folder = "/etc/primocane", .credentials = {}});
  REQUIRE(command);
  CHECK(command->config.git.authentication.token_file == "/etc/primocane/credentials/git-token");
}

TEST_CASE("a credential's name leads nowhere else") {
  for (const char* name : {"", "../shadow", "a/b", ".hidden", "a b"}) {
    CAPTURE(name);
    const Result<ConfigFile> file = read_config(
        fmt::format("{}  authentication: {{tokenFile: \"credential:{}\"}}\n", least, name), "x",
        {.folder = "/etc/primocane", .credentials = {}});
    REQUIRE(!file);
    CHECK(file.error().message.find("git.authentication.tokenFile") != std::string::npos);
  }
}

TEST_CASE("what is printed is a configuration that says the same, with defaults marked") {
  const Result<ConfigFile> file =
      read_config(std::string(least) + "  branch: \"1.10\"\nlog: {level: debug}\n", "x", {});
  REQUIRE(file);
  const std::string text = describe_config(*file);
  CHECK(text.find("  url: https://git.example.org/home.git\n") != std::string::npos);
  CHECK(text.find("  interval: 1m  # default\n") != std::string::npos);
  CHECK(text.find("  level: debug\n") != std::string::npos);
  const Result<ConfigFile> again = read_config(text, "printed", {});
  INFO(text);
  REQUIRE(again);
  CHECK(write_config(again->config) == write_config(file->config));
}

TEST_CASE("keys that are left out are listed as defaults") {
  const Result<ConfigFile> file = read_config(least, "x", {});
  REQUIRE(file);
  const std::vector<std::string> keys = default_keys(*file);
  CHECK(std::ranges::find(keys, "git.interval") != keys.end());
  CHECK(std::ranges::find(keys, "git.url") == keys.end());
  // Neither given nor with a default.
  CHECK(std::ranges::find(keys, "git.caFile") == keys.end());
}

TEST_CASE("the password of a proxy is not printed") {
  const Result<ConfigFile> file =
      read_config(std::string(least) + "  proxy: http://me:hunter2@proxy:3128\n", "x", {});
  REQUIRE(file);
  CHECK(file->config.git.proxy == "http://me:hunter2@proxy:3128");
  CHECK(describe_config(*file).find("hunter2") == std::string::npos);
  CHECK(describe_config(*file).find("http://***@proxy:3128") != std::string::npos);
}

TEST_CASE("plain http is allowed with a warning") {
  CHECK(config_warnings(config_of(least)).empty());
  CHECK(config_warnings(config_of("git:\n  url: http://git.example.org/x\n")).size() == 1);
}

TEST_CASE("the example configuration gives every key its default") {
  const std::string text = read_text("examples/config.yaml");
  const Result<ConfigFile> example = read_config(text, "examples/config.yaml", {});
  INFO((example ? "" : example.error().message));
  REQUIRE(example);
  Config defaults;
  defaults.git.url = example->config.git.url;
  CHECK(write_config(example->config) == write_config(defaults));
  for (const ConfigKey& key : config_keys()) {
    const Value value = key.give(defaults);
    const bool has_default = !value.as_string() || !value.as_string()->empty();
    CAPTURE(key.path);
    CHECK(example->given.contains(key.path) == has_default);
    // The others stand there as comments.
    const std::string name(key.path.substr(key.path.rfind('.') + 1));
    CHECK(text.find(" " + name + ": ") != std::string::npos);
  }
}

TEST_CASE("every key is explained in the document about the configuration") {
  const std::string document = read_text("docs/configuration.md");
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.path);
    CHECK(document.find("`" + std::string(key.path) + "`") != std::string::npos);
  }
}

}  // namespace primocane

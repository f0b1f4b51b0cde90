// SPDX-License-Identifier: Apache-2.0
#include "reconcile/decryption_keys.hpp"

#include "base/base64.hpp"
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {
namespace {

// Two keys that were made for tests only.
constexpr std::string_view first_key =
    "AGE-SECRET-KEY-1RH87A5Z54ZGUR9S0AS3R6WHFSEFNPLYMAKF5Z2CEU7R06VRJ0A3Q7242AM";
constexpr std::string_view first_recipient =
    "age1l44xcng8dqj32nlv6d930qvvrny05hglzcv9qpc7kxjc6902ma4qufys29";
constexpr std::string_view second_key =
    "AGE-SECRET-KEY-10U7MAELH09KZU63F65P2TYLN7TQM5X6GSDDCQ4YMUGDS3DS6XZMSTYY2PN";
constexpr std::string_view second_recipient =
    "age1henwn645drkd3fa34t27t2w2x0nsgw3w4h62gmg5x5xflyjpy38s5cncph";

std::string line(std::string_view text) { return std::string(text) + '\n'; }

DecryptionKeys keys_of_file(std::string_view key) {
  return DecryptionKeys([text = std::string(key)]() -> Result<std::string> { return text; });
}

// A Kustomization of folder "apps" that is decrypted as `decryption` says.
std::string kustomization(std::string_view decryption) {
  return fmt::format(
      "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n"
      "  name: apps\n  namespace: flux-system\nspec:\n  interval: 10m\n  prune: true\n"
      "  path: apps\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n"
      "  decryption: {}\n",
      decryption);
}

constexpr std::string_view by_secret = "{provider: sops, secretRef: {name: sops-age}}";

void give_secret(PassWorld& world, std::string_view entry, std::string_view content) {
  world.cluster.create(yaml_value(fmt::format(
      "{{apiVersion: v1, kind: Secret, metadata: {{name: sops-age, namespace: flux-system}}, "
      "data: {{{}: {}}}}}",
      entry, to_base64(content))));
}

PassWorld& with_apps(PassWorld& world, std::string_view decryption) {
  world.commit('1', config_map_yaml("top") + kustomization(decryption));
  world.folder('1', "apps", config_map_yaml("a"));
  return world;
}

std::string message_of(const PassReport& report) {
  for (const KustomizationStatus& status : report.kustomizations) {
    if (status.name.name == "apps") return status.readiness.message;
  }
  return "no such Kustomization";
}

TEST_CASE("a Kustomization is rendered with the keys of the Secret that it names") {
  PassWorld world;
  with_apps(world, by_secret);
  give_secret(world, "age.agekey", first_key);
  CHECK(world.pass().problems.empty());
  CHECK(world.renderer.keys["apps"] == line(first_recipient));
  CHECK(world.renderer.keys[""] == "none");
}

TEST_CASE("the keys of the configuration come in besides") {
  PassWorld world;
  world.keys = keys_of_file(second_key);
  with_apps(world, by_secret);
  give_secret(world, "age.agekey", first_key);
  CHECK(world.pass().problems.empty());
  CHECK(world.renderer.keys["apps"] == line(first_recipient) + line(second_recipient));
  CHECK(world.renderer.keys[""] == line(second_recipient));
}

TEST_CASE("the keys of the configuration do where no Secret is named") {
  PassWorld world;
  world.keys = keys_of_file(second_key);
  with_apps(world, "{provider: sops}");
  CHECK(world.pass().problems.empty());
  CHECK(world.renderer.keys["apps"] == line(second_recipient));
}

TEST_CASE("without a key everywhere a Kustomization is rendered with none") {
  PassWorld world;
  with_apps(world, "{provider: sops}");
  CHECK(world.pass().problems.empty());
  CHECK(world.renderer.keys["apps"].empty());
}

TEST_CASE("a Secret that is not there fails its Kustomization alone, unless a file has keys") {
  PassWorld world;
  with_apps(world, by_secret);
  const PassReport report = world.pass();
  CHECK(message_of(report) ==
        "spec.decryption.secretRef: Secret/flux-system/sops-age is not in the cluster");
  CHECK(world.cluster.find(default_map("top")) != nullptr);
  PassWorld other;
  other.keys = keys_of_file(second_key);
  with_apps(other, by_secret);
  CHECK(other.pass().problems.empty());
  CHECK(other.renderer.keys["apps"] == line(second_recipient));
}

TEST_CASE("a changed Secret or file renders again, the same one does not") {
  PassWorld world;
  std::string file(first_key);
  world.keys = DecryptionKeys([&file]() -> Result<std::string> { return file; });
  with_apps(world, "{provider: sops}");
  CHECK(world.pass().problems.empty());
  const std::uint64_t renderings = world.renderer.renderings;
  CHECK(world.pass().problems.empty());
  CHECK(world.renderer.renderings == renderings);
  file = second_key;
  CHECK(world.pass().problems.empty());
  CHECK(world.renderer.keys["apps"] == line(second_recipient));
}

TEST_CASE("what is no key is told with its place and without its text") {
  PassWorld world;
  with_apps(world, by_secret);
  give_secret(world, "age.agekey", "hunter2");
  const std::string message = message_of(world.pass());
  CHECK(message.find("age.agekey in the Secret flux-system/sops-age:1: ") != std::string::npos);
  CHECK(message.find("hunter2") == std::string::npos);
}

TEST_CASE("a file with keys that can't be read says so") {
  DecryptionKeys keys([]() -> Result<std::string> {
    return fail(ErrorKind::unavailable, "/etc/primocane/age.key: no such file");
  });
  const auto identities = keys.of_file();
  REQUIRE_FALSE(identities.has_value());
  CHECK(identities.error().message ==
        "decryption.ageKeyFile: /etc/primocane/age.key: no such file");
}

}  // namespace
}  // namespace primocane

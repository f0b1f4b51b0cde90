// SPDX-License-Identifier: Apache-2.0
// How a rendering decrypts, by the fixtures of kustomize-controller.
#include "base/base64.hpp"
#include "render/decrypted_sources.hpp"
#include "render/render_desired.hpp"
#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/read_text.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

using namespace primocane;

namespace fs = std::filesystem;

namespace {

const fs::path fixtures = PRIMOCANE_SOURCE_DIR "/tests/unit/secrets/flux";

std::string fixture(const std::string& path) { return read_text(fixtures / path).value(); }

TreeContent fixture_tree() {
  TreeContent content;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fixtures)) {
    if (!entry.is_regular_file()) continue;
    content.files.emplace(fs::relative(entry.path(), fixtures).generic_string(),
                          read_text(entry.path()).value());
  }
  return content;
}

std::shared_ptr<const Identities> fixture_identities() {
  auto identities = std::make_shared<Identities>();
  REQUIRE(identities->add(fixture("keys/age.txt"), "age.txt").has_value());
  return identities;
}

Result<std::vector<Value>> rendered(TreeContent content, std::string_view path,
                                    std::shared_ptr<const Identities> identities) {
  const auto tree = make_memory_tree(std::move(content));
  MemoryRemotes remotes;
  RenderRequest request{.path = RelativePath::parse(path).value(),
                        .name = {.namespace_name = "flux-system", .name = "apps"}};
  request.identities = std::move(identities);
  std::vector<Value> objects;
  const auto take = [&](const RenderedObject& object) {
    objects.push_back(yaml_value(std::get<DesiredObject>(object).body));
  };
  TRY(render_desired(*tree, remotes, request, take));
  return objects;
}

// The first fields that are confidential of each object, by its kind.
std::map<std::string, std::string> confidential_in(TreeContent content, std::string_view path) {
  const auto tree = make_memory_tree(std::move(content));
  MemoryRemotes remotes;
  RenderRequest request{.path = RelativePath::parse(path).value(),
                        .name = {.namespace_name = "flux-system", .name = "apps"}};
  request.identities = fixture_identities();
  std::map<std::string, std::string> found;
  const auto take = [&](const RenderedObject& object) {
    const auto& desired = std::get<DesiredObject>(object);
    const ConfidentialFields& fields = desired.confidential;
    found[desired.id.kind] = fields.empty() ? "none" : '"' + fields.front().str() + '"';
  };
  CHECK(render_desired(*tree, remotes, request, take).has_value());
  return found;
}

// The decoded entry of the data of the only Secret, or the error.
std::string entry(TreeContent content, std::string_view path, std::string_view key) {
  const auto objects = rendered(std::move(content), path, fixture_identities());
  if (!objects) return objects.error().message;
  for (const Value& object : *objects) {
    if (object.text_at("kind") == "Secret") return from_base64(object.text_at("data", key)).value();
  }
  return "no Secret";
}

}  // namespace

TEST_CASE("env files and files of secret generators are decrypted before the build") {
  CHECK(entry(fixture_tree(), "envs", "key") == "value");
  CHECK(entry(fixture_tree(), "files", "key") == "value");
}

TEST_CASE("a generated ConfigMap sees a file decrypted that a secret generator names") {
  const auto objects = rendered(fixture_tree(), "envs", fixture_identities());
  REQUIRE(objects.has_value());
  REQUIRE(objects->size() == 2);
  for (const Value& object : *objects) {
    if (object.text_at("kind") == "ConfigMap") CHECK(object.text_at("data", "key") == "value");
  }
}

TEST_CASE("files of patches are decrypted before the build") {
  CHECK(entry(fixture_tree(), "patches", "merge2") == "merge2");
}

TEST_CASE("what may hold what was decrypted is confidential, whatever its kind") {
  TreeContent content = fixture_tree();
  content.files["plain/kustomization.yaml"] = "resources: [a.yaml]\n";
  content.files["plain/a.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
  CHECK(confidential_in(content, "plain").at("ConfigMap") == "none");
  CHECK(confidential_in(content, "envs").at("ConfigMap") == "\"\"");
  for (const auto& [kind, fields] : confidential_in(content, "patches")) CHECK(fields == "\"\"");
}

TEST_CASE("an entry of a Secret's data that is an encrypted file is decrypted after the build") {
  CHECK(entry(fixture_tree(), "inside", "key") == "value");
}

TEST_CASE("sources of components and bases are decrypted") {
  TreeContent content = fixture_tree();
  content.files["app/kustomization.yaml"] = "resources: [../envs]\ncomponents: [../component]\n";
  const auto objects = rendered(content, "app", fixture_identities());
  CAPTURE(objects ? "" : objects.error().message);
  REQUIRE(objects.has_value());
  CHECK(objects->size() == 3);
}

TEST_CASE("an encrypted Secret is decrypted after the build, whatever the build does to it") {
  TreeContent content = fixture_tree();
  content.files["app/kustomization.yaml"] =
      "namePrefix: my-\nlabels: [{pairs: {a: b}}]\nresources: [secret.yaml]\n";
  content.files["app/secret.yaml"] = fixture("algorithms/age.yaml");
  CHECK(entry(content, "app", "key") == "value");
}

TEST_CASE("an encrypted Secret without decryption is refused") {
  TreeContent content;
  content.files["app/kustomization.yaml"] = "resources: [secret.yaml]\n";
  content.files["app/secret.yaml"] = fixture("algorithms/age.yaml");
  const auto objects = rendered(content, "app", nullptr);
  REQUIRE_FALSE(objects.has_value());
  CHECK(objects.error().kind == ErrorKind::invalid);
  CHECK(objects.error().message ==
        "app/secret.yaml:1: Secret/age is encrypted by SOPS: spec.decryption of its Kustomization "
        "must say \"provider: sops\"");
}

TEST_CASE("a Secret for other keys is refused with their names") {
  TreeContent content;
  content.files["app/kustomization.yaml"] = "resources: [secret.yaml]\n";
  content.files["app/secret.yaml"] = fixture("algorithms/pgp.yaml");
  const auto objects = rendered(content, "app", fixture_identities());
  REQUIRE_FALSE(objects.has_value());
  CHECK(objects.error().kind == ErrorKind::invalid);
  CHECK(objects.error().message.find("PGP key 35C1A64CD7FC0AB6EB66756B2445463C3234ECE1") !=
        std::string::npos);
}

TEST_CASE("a changed file is refused by its MAC, though its objects can be decrypted") {
  TreeContent content;
  content.files["app/kustomization.yaml"] = "resources: [secret.yaml]\n";
  std::string secret = fixture("algorithms/age.yaml");
  secret.replace(secret.find("name: age"), 9, "name: ega");
  content.files["app/secret.yaml"] = secret;
  const auto objects = rendered(content, "app", fixture_identities());
  REQUIRE_FALSE(objects.has_value());
  CHECK(objects.error().kind == ErrorKind::invalid);
  CHECK(objects.error().message.starts_with("app/secret.yaml: the MAC of SOPS does not fit"));
}

TEST_CASE("what is annotated to stay encrypted is left alone") {
  TreeContent content;
  content.files["app/kustomization.yaml"] = "resources: [secret.yaml]\n";
  content.files["app/secret.yaml"] =
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n    "
      "kustomize.toolkit.fluxcd.io/decrypt: disabled\ndata:\n  a: ENC[AES256_GCM,data:AA]\nsops:\n "
      " mac: ENC[x]\n";
  const auto objects = rendered(content, "app", fixture_identities());
  CAPTURE(objects ? "" : objects.error().message);
  REQUIRE(objects.has_value());
  CHECK(objects->front().find("sops") != nullptr);
}

TEST_CASE("the identities of a request reach the child") {
  RenderRequest request{.source = RenderSource::folder};
  CHECK(read_render_request(write_render_request(request)).value().identities == nullptr);
  request.identities = fixture_identities();
  const auto read = read_render_request(write_render_request(request));
  REQUIRE(read.has_value());
  REQUIRE(read->identities != nullptr);
  CHECK(read->identities->text() == fixture_identities()->text());
  request.identities = std::make_shared<Identities>();
  const auto none = read_render_request(write_render_request(request));
  REQUIRE((none && none->identities));
  CHECK(none->identities->empty());
}

TEST_CASE("an encrypted Secret is kept where it is only looked at") {
  TreeContent content;
  content.files["app/kustomization.yaml"] = "resources: [secret.yaml]\n";
  content.files["app/secret.yaml"] = fixture("algorithms/age.yaml");
  const auto tree = make_memory_tree(std::move(content));
  MemoryRemotes remotes;
  RenderRequest request{.source = RenderSource::folder,
                        .path = RelativePath::parse("app").value(),
                        .name = {.namespace_name = "flux-system", .name = "apps"}};
  request.encrypted = Encrypted::kept;
  const auto read = read_render_request(write_render_request(request));
  CHECK((read && read->encrypted == Encrypted::kept));
  CHECK(render_desired(*tree, remotes, request, [](const RenderedObject&) {}) == 1);
}

TEST_CASE("files of a folder without kustomization are decrypted, and their MACs checked") {
  TreeContent content;
  content.files["app/a.yaml"] = fixture("algorithms/age.yaml");
  content.files["app/sub/kustomization.yaml"] =
      "secretGenerator: [{name: env, envs: [env.env]}]\nunknown: field\n";
  content.files["app/sub/env.env"] = fixture("envs/env.env");
  const auto tree = make_memory_tree(content);
  const auto identities = fixture_identities();
  const auto sources =
      decrypt_sources(*tree, RelativePath::parse("app").value(), {}, *identities, {});
  REQUIRE(sources.has_value());
  const DecryptedTree::Files& files = sources->files;
  REQUIRE(files.size() == 1);
  CHECK_FALSE(sources->has_patches);
  CHECK(files.begin()->first.str() == "app/sub/env.env");
  CHECK(files.begin()->second == "key=value\n");
  std::string& secret = content.files["app/a.yaml"];
  secret.replace(secret.find("name: age"), 9, "name: ega");
  const auto changed = make_memory_tree(std::move(content));
  CHECK_FALSE(decrypt_sources(*changed, RelativePath::parse("app").value(), {}, *identities, {})
                  .has_value());
}

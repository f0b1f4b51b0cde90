// SPDX-License-Identifier: Apache-2.0
// The hashes are those that kustomize 5.8.1 puts behind the names of these objects.
#include "render/content_hash.hpp"

#include "support/drafts.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

std::string hash(std::string_view kind, std::string_view rest) {
  const Draft draft = yaml_draft("apiVersion: v1\nkind: " + std::string(kind) +
                                 "\nmetadata:\n  name: a\n" + std::string(rest));
  const auto hashed = content_hash(draft);
  return hashed ? *hashed : hashed.error().message;
}

TEST_CASE("a ConfigMap is hashed by its data") {
  CHECK(hash("ConfigMap", "") == "6ct58987ht");
  CHECK(hash("ConfigMap", "data: {a: \"1\"}\n") == "h29d89cmmt");
  CHECK(hash("ConfigMap", "immutable: true\n") == "6ct58987ht");
}

TEST_CASE("a Secret is hashed by its data and its type") {
  CHECK(hash("Secret", "") == "2bg6t6bf6t");
  CHECK(hash("Secret", "data: {}\ntype: Opaque\n") == "46f8b28mk5");
  CHECK(hash("Secret", "stringData: {a: b}\ntype: 5\n") == "ffhb8mdd9t");
}

TEST_CASE("texts are hashed as Go writes them in JSON") {
  CHECK(
      hash("ConfigMap", "data: {\u00E9: \"a\\u2028b\\u2029<>&\\\"\\\\\\b\\f\\n\\r\\t\\x1b/\"}\n") ==
      "7k5bhbd88c");
}

TEST_CASE("data of any type are hashed as Go writes them in JSON") {
  CHECK(hash("ConfigMap",
             "data: {b: x, a: 1.50, c: 12345678901234567890, d: true, e: null, f: [1, \"<\"], "
             "g: {z: 1, y: 2}, h: 1e21}\n") == "9bht847t75");
}

TEST_CASE("data that are no mapping are hashed as kustomize sees them") {
  CHECK(hash("ConfigMap", "data: [1]\nbinaryData: []\n") == "t8bmh4kc6d");
  CHECK(hash("ConfigMap", "data: text\nbinaryData: text\nmetadata/name: named\n") == "k5ck74ft5g");
}

TEST_CASE("an object of another kind has no hash") {
  std::vector<Draft> drafts = yaml_drafts("apiVersion: v1\nkind: Lamp\nmetadata:\n  name: a\n");
  drafts[0].needs_hash = true;
  const auto done = add_hashes(drafts);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::invalid);
  CHECK(done.error().message.starts_with("test.yaml:1: Lamp/a: "));
}

TEST_CASE("names get a hash where one is wanted, and the name before is remembered") {
  std::vector<Draft> drafts = yaml_drafts(
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\n"
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n");
  drafts[0].needs_hash = true;
  REQUIRE(add_hashes(drafts).has_value());
  CHECK(drafts[0].id.name == "a-6ct58987ht");
  CHECK(drafts[0].object.text_at("metadata", "name") == "a-6ct58987ht");
  REQUIRE(drafts[0].previous.size() == 1);
  CHECK(drafts[0].previous[0].name == "a");
  CHECK(drafts[1].id.name == "b");
  CHECK(drafts[1].previous.empty());
}

}  // namespace
}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "render/generator_rule.hpp"

#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {
namespace {

const FieldReader strict("app/kustomization.yaml");
const FieldReader lax("generator.yaml", UnknownFields::ignored);

Result<GeneratorRule> config_map(std::string_view text) {
  return read_config_map_rule(yaml_value(text), strict);
}

GeneratorBehavior behavior(std::string_view word) {
  return config_map("behavior: " + std::string(word)).value().behavior;
}

TEST_CASE("an item of configMapGenerator is read with all its fields") {
  const GeneratorRule rule = config_map(
                                 "name: a\nnamespace: b\nbehavior: merge\nliterals: [c=1]\n"
                                 "files: [d]\nenvs: [e]\noptions:\n  immutable: true\n"
                                 "  disableNameSuffixHash: true\n  labels: {f: g}\n"
                                 "  annotations: {h: i}\n")
                                 .value();
  CHECK(rule == GeneratorRule{.kind = GeneratedKind::config_map,
                              .name = "a",
                              .namespace_name = "b",
                              .behavior = GeneratorBehavior::merge,
                              .sources = {.literals = {"c=1"}, .files = {"d"}, .envs = {"e"}},
                              .type = {},
                              .options = {.labels = {{"f", "g"}},
                                          .annotations = {{"h", "i"}},
                                          .disable_name_suffix_hash = true,
                                          .immutable = true},
                              .origin = {.path = "app/kustomization.yaml"}});
}

TEST_CASE("an item of secretGenerator has a type, one of configMapGenerator has none") {
  CHECK(read_secret_rule(yaml_value("type: kubernetes.io/tls"), strict).value().type ==
        "kubernetes.io/tls");
  CHECK_FALSE(config_map("type: Opaque").has_value());
}

TEST_CASE("the single env file of old is the last of the env files") {
  CHECK(config_map("env: b\nenvs: [a]").value().sources.envs == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a rule stands where it is written") {
  const Value list = yaml_value("rules:\n- name: a\n\n- name: b\n");
  const Value& second = list.find("rules")->as_array()->at(1);
  CHECK(read_config_map_rule(second, strict).value().origin.line == 4);
}

TEST_CASE("an unknown behavior is none") {
  CHECK(behavior("create") == GeneratorBehavior::create);
  CHECK(behavior("replace") == GeneratorBehavior::replace);
  CHECK(behavior("merge") == GeneratorBehavior::merge);
  CHECK(behavior("Merge") == GeneratorBehavior::unspecified);
  CHECK(behavior("null") == GeneratorBehavior::unspecified);
}

TEST_CASE("unknown fields and wrong types are refused where they stand") {
  for (const std::string_view text :
       {"\nfoo: a", "\nname: 1", "\nliterals: a", "\nliterals: [1]", "\noptions: []",
        "\noptions: {labels: {a: 1}}", "\noptions: {imutable: true}"}) {
    const auto rule = config_map(text);
    REQUIRE_FALSE(rule.has_value());
    CHECK(rule.error().kind == ErrorKind::invalid);
    CHECK(rule.error().message.starts_with("app/kustomization.yaml:2: "));
  }
}

TEST_CASE("global options fill what local ones leave open and switch on what is true") {
  GeneratorOptions local{.labels = {{"a", "local"}}, .annotations = {}};
  add_global_options(local, {.labels = {{"a", "global"}, {"b", "global"}},
                             .annotations = {{"c", "global"}},
                             .disable_name_suffix_hash = true,
                             .immutable = false});
  CHECK(local == GeneratorOptions{.labels = {{"a", "local"}, {"b", "global"}},
                                  .annotations = {{"c", "global"}},
                                  .disable_name_suffix_hash = true,
                                  .immutable = false});
  add_global_options(local, {});
  CHECK(local.disable_name_suffix_hash);
}

TEST_CASE("a generator object is called by its metadata where its fields don't name it") {
  const GeneratorRule rule =
      read_generator_object(yaml_value("apiVersion: builtin\nkind: SecretGenerator\n"
                                       "metadata: {name: m, namespace: n}\nname: a\n"
                                       "type: t\nunknown: x\nenv: passed-over\n"),
                            lax)
          .value();
  CHECK(rule.kind == GeneratedKind::secret);
  CHECK(rule.name == "a");
  CHECK(rule.namespace_name == "n");
  CHECK(rule.type == "t");
  CHECK(rule.sources.envs.empty());
  CHECK(read_generator_object(yaml_value("kind: ConfigMapGenerator\nmetadata: {name: m}"), lax)
            .value()
            .name == "m");
  CHECK_FALSE(read_generator_object(yaml_value("kind: Foo"), lax).has_value());
}

}  // namespace
}  // namespace primocane

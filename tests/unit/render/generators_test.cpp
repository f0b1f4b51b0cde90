// SPDX-License-Identifier: Apache-2.0
#include "render/generators.hpp"

#include "support/drafts.hpp"
#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {
namespace {

Result<Draft> made(const GeneratorRule& rule) {
  const auto tree = make_memory_tree({.files = {{"bin", "\xFF"}}, .links = {}, .submodules = {}});
  LoadLimits limits;
  MemoryRemotes remotes;
  return generate(rule,
                  FileLoader(*tree, RelativePath(), LoadRestrictor::root_only, limits, remotes));
}

GeneratorRule rule(GeneratedKind kind, std::string name) {
  return {
      .kind = kind, .name = std::move(name), .origin = {.path = "kustomization.yaml", .line = 7}};
}

TEST_CASE("a generated draft knows its rule's place and behavior and wants a hash") {
  GeneratorRule wanted = rule(GeneratedKind::config_map, "a");
  wanted.namespace_name = "apps";
  wanted.behavior = GeneratorBehavior::replace;
  const Draft draft = made(wanted).value();
  CHECK(to_string(draft.origin) == "kustomization.yaml:7");
  CHECK(draft.behavior == GeneratorBehavior::replace);
  CHECK(draft.needs_hash);
  CHECK(draft.id ==
        DraftId{.kind = {"", "v1", "ConfigMap"}, .namespace_name = "apps", .name = "a"});

  wanted.options.disable_name_suffix_hash = true;
  CHECK_FALSE(made(wanted).value().needs_hash);
}

TEST_CASE("a ConfigMap without data has no data, a Secret has empty ones") {
  CHECK(printed({made(rule(GeneratedKind::config_map, "a")).value()}) ==
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n");
  CHECK(printed({made(rule(GeneratedKind::secret, "a")).value()}) ==
        "apiVersion: v1\ndata: {}\nkind: Secret\nmetadata:\n  name: a\ntype: Opaque\n");
}

TEST_CASE("names and keys that look like numbers are texts") {
  GeneratorRule wanted = rule(GeneratedKind::config_map, "123");
  wanted.sources.literals = {"1=2", "true=x", "null=y"};
  CHECK(printed({made(wanted).value()}) ==
        "apiVersion: v1\ndata:\n  \"1\": \"2\"\n  \"null\": \"y\"\n  \"true\": x\nkind: ConfigMap\n"
        "metadata:\n  name: \"123\"\n");
}

TEST_CASE("a generator without a name, or with a wrong source, is refused where it stands") {
  GeneratorRule nameless = rule(GeneratedKind::secret, "");
  CHECK(made(nameless).error().message.starts_with("kustomization.yaml:7: "));

  GeneratorRule wrong = rule(GeneratedKind::secret, "login");
  wrong.sources.literals = {"hunter2"};
  const Error error = made(wrong).error();
  CHECK(error.kind == ErrorKind::invalid);
  CHECK(error.message.starts_with("kustomization.yaml:7: Secret/login: literal 1: "));
  CHECK(error.message.find("hunter2") == std::string::npos);
}

TEST_CASE("base64 is broken into lines of 70 characters from there on") {
  CHECK(wrapped_base64("").empty());
  CHECK(wrapped_base64(std::string(51, '\0')) == std::string(68, 'A'));
  CHECK(wrapped_base64(std::string(54, '\0')) == std::string(70, 'A') + "\nAA\n");
  CHECK(wrapped_base64(std::string(105, '\0')) ==
        std::string(70, 'A') + "\n" + std::string(70, 'A') + "\n");
}

}  // namespace
}  // namespace primocane

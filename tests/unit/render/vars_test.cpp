// SPDX-License-Identifier: Apache-2.0
// The table of texts is kustomize's own (api/filters/refvar/expand_test.go); whole kustomizations
// are compared with it in cases/.
#include "render/vars.hpp"

#include "render/var_expansion.hpp"
#include "support/drafts.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

Value expand(std::string_view text) {
  static const std::map<std::string_view, Value> values = {
      {"VAR_A", "A"},    {"VAR_B", "B"}, {"VAR_C", "C"},    {"VAR_REF", "$(VAR_A)"},
      {"VAR_EMPTY", ""}, {"VAR_INT", 5}, {"VAR_FLAG", true}};
  const auto lookup = [](std::string_view name) -> const Value* {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : &found->second;
  };
  return expand_vars(text, lookup, 1000).value();
}

TEST_CASE("texts are expanded as kustomize expands them") {
  CHECK(expand("$(VAR_A)") == Value("A"));
  CHECK(expand("___$(VAR_B)___") == Value("___B___"));
  CHECK(expand("$(VAR_A)_$(VAR_B)_$(VAR_C)") == Value("A_B_C"));
  CHECK(expand("$(VAR_A)$(VAR_A)") == Value("AA"));
  CHECK(expand("$(VAR_REF)") == Value("$(VAR_A)"));
  CHECK(expand("%%$(VAR_REF)--$(VAR_REF)%%") == Value("%%$(VAR_A)--$(VAR_A)%%"));
  CHECK(expand("foo$(VAR_EMPTY)bar") == Value("foobar"));
  CHECK(expand("foo$(VAR_Awhoops!") == Value("foo$(VAR_Awhoops!"));
  CHECK(expand("f00__(VAR_A)__") == Value("f00__(VAR_A)__"));
  CHECK(expand("$?_boo_$!") == Value("$?_boo_$!"));
  CHECK(expand("$VAR_A") == Value("$VAR_A"));
  CHECK(expand("$(VAR_DNE)") == Value("$(VAR_DNE)"));
  CHECK(expand("$$$$$$(BIG_MONEY)") == Value("$$$(BIG_MONEY)"));
  CHECK(expand("$$$$$$(VAR_A)") == Value("$$$(VAR_A)"));
  CHECK(expand("$$$$$$$(GOOD_ODDS)") == Value("$$$$(GOOD_ODDS)"));
  CHECK(expand("$$$$$$$(VAR_A)") == Value("$$$A"));
  CHECK(expand("$VAR_A)") == Value("$VAR_A)"));
  CHECK(expand("${VAR_A}") == Value("${VAR_A}"));
  CHECK(expand("$(VAR_B)_______$(A") == Value("B_______$(A"));
  CHECK(expand("$(VAR_C)_______$(") == Value("C_______$("));
  CHECK(expand("$(VAR_A)foobarzab$") == Value("Afoobarzab$"));
  CHECK(expand("--$($($($($--") == Value("--$($($($($--"));
  CHECK(expand("$(foo$$var)") == Value("$(foo$$var)"));
  CHECK(expand("\n") == Value("\n"));
  CHECK(expand("") == Value(""));
}

TEST_CASE("a var that stands alone keeps its type") {
  CHECK(expand("$(VAR_INT)") == Value(5));
  CHECK(expand("$(VAR_FLAG)") == Value(true));
  CHECK(expand("x$(VAR_INT)$(VAR_FLAG)") == Value("x5true"));
}

Var var(std::string_view text) {
  const Value value = yaml_value(text);
  return read_var(value, FieldReader("kustomization.yaml")).value();
}

constexpr std::string_view lamps =
    "apiVersion: e.org/v1\nkind: Lamp\nmetadata: {name: a, namespace: x}\n"
    "spec: {v: 1, hex: 0x1F, l: [a, 5]}\n"
    "---\napiVersion: e.org/v1\nkind: Lamp\nmetadata: {name: a, namespace: y}\nspec: {v: 2}\n";

TEST_CASE("an objref names group and version in one of two ways") {
  CHECK(var("{name: A, objref: {apiVersion: apps/v1, kind: B, name: b}}\n").object.kind ==
        VersionedKind{"apps", "v1", "B"});
  CHECK(var("{name: A, objref: {group: apps, version: v1, kind: B, name: b}}\n").object.kind ==
        VersionedKind{"apps", "v1", "B"});
  CHECK(var("{name: A, objref: {apiVersion: v1, kind: B, name: b}}\n").object.kind ==
        VersionedKind{"", "v1", "B"});
  CHECK(var("{name: A, objref: {apiVersion: a/b/c, kind: B, name: b}}\n").object.kind ==
        VersionedKind{"", "", "B"});
  CHECK(var("{name: A, objref: {kind: B, name: b}}\n").field_path == "metadata.name");
}

TEST_CASE("a var that may read several objects is an error, unless it names the namespace") {
  std::vector<Draft> drafts = yaml_drafts(lamps);
  const Var any = var("{name: A, objref: {apiVersion: e.org/v1, kind: Lamp, name: a}}\n");
  CHECK_FALSE(match_vars(drafts, {any}, "k").has_value());
  Var one = any;
  one.object.namespace_name = "y";
  REQUIRE(match_vars(drafts, {one}, "k").has_value());
  CHECK(drafts[0].var_names.empty());
  CHECK(drafts[1].var_names == std::vector<std::string>{"A"});
}

TEST_CASE("a name may be taken once") {
  VarSet vars;
  const Var a = var("{name: A, objref: {kind: B, name: b}}\n");
  REQUIRE(vars.add({a, var("{name: C, objref: {kind: B, name: b}}\n")}, "k").has_value());
  CHECK_FALSE(vars.add({a}, "k").has_value());
  VarSet others;
  REQUIRE(others.add({a}, "k").has_value());
  CHECK_FALSE(vars.merge(others, "k").has_value());
  CHECK(vars.all().size() == 2);
}

// The message when `field` of the first lamp is to be put into the fields `path`.
std::string resolved(std::string_view field, std::string_view path) {
  std::vector<Draft> drafts = yaml_drafts(lamps);
  Var one = var("{name: A, objref: {apiVersion: e.org/v1, kind: Lamp, name: a, namespace: x}}\n");
  one.field_path = field;
  VarSet vars;
  REQUIRE(vars.add({one}, "k").has_value());
  REQUIRE(match_vars(drafts, {one}, "k").has_value());
  const auto unused = resolve_vars(drafts, vars, {{.path = std::string(path)}});
  if (!unused) return unused.error().message;
  return unused->empty() ? "used" : unused->front() + " is unused";
}

TEST_CASE("a var must find its object and its field") {
  CHECK(resolved("spec.v", "spec/v") == "A is unused");
  CHECK(resolved("spec.nope", "spec/v").find("field spec.nope") != std::string::npos);
  CHECK(resolved("spec.v.w", "spec/v").find("field spec.v.w") != std::string::npos);
  CHECK(resolved("spec.hex", "spec/v").find("unusual spelling") != std::string::npos);
  CHECK(resolved("spec.v", "spec/l").find("must be strings") != std::string::npos);
  std::vector<Draft> drafts = yaml_drafts(lamps);
  VarSet vars;
  REQUIRE(vars.add({var("{name: A, objref: {kind: Nope, name: b}}\n")}, "k").has_value());
  CHECK_FALSE(resolve_vars(drafts, vars, {}).has_value());
}

TEST_CASE("unknown fields and wrong types in vars are refused") {
  const auto refuses = [](std::string_view text) {
    const Value value = yaml_value(text);
    return !read_var(value, FieldReader("kustomization.yaml")).has_value();
  };
  CHECK(refuses("{nome: A}\n"));
  CHECK(refuses("{name: 5}\n"));
  CHECK(refuses("{name: A, objref: x}\n"));
  CHECK(refuses("{name: A, fieldref: {path: x}}\n"));
}

}  // namespace
}  // namespace primocane

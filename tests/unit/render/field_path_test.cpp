// SPDX-License-Identifier: Apache-2.0
// The tables are kyaml's own (utils/pathsplitter_test.go), and what its code was seen to do.
#include "render/field_path.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace primocane {
namespace {

using Texts = std::vector<std::string>;

Texts steps(const FieldPath& path) {
  Texts texts;
  for (const FieldStep& step : path.steps()) texts.push_back(step.text);
  return texts;
}

Texts split(std::string_view text) { return steps(FieldPath::parse(text)); }

FieldStep::Kind kind(std::string_view text) { return FieldPath::parse(text).steps()[0].kind; }

TEST_CASE("a path is cut at its dots, but not in brackets") {
  CHECK(split("spec.replicas") == Texts{"spec", "replicas"});
  CHECK(split(".spec.replicas") == Texts{"spec", "replicas"});
  CHECK(split("") == Texts{""});
  CHECK(split(".") == Texts{""});
  CHECK(split("a..b") == Texts{"a", "", "b"});
  CHECK(split("spec.data.[name=first].key") == Texts{"spec", "data", "[name=first]", "key"});
  CHECK(split("spec.data.[.name=.first].key") == Texts{"spec", "data", "[.name=.first]", "key"});
  CHECK(split("spec.data.[name.=first.].key") == Texts{"spec", "data", "[name.=first.]", "key"});
  CHECK(split("spec.data.[name=f.i.r.s.t.].key") ==
        Texts{"spec", "data", "[name=f.i.r.s.t.]", "key"});
}

TEST_CASE("an escaped dot is part of a name, and so are dots in brackets") {
  CHECK(split("spec\\.replicas") == Texts{"spec.replicas"});
  CHECK(split("data.config\\.json.a") == Texts{"data", "config.json", "a"});
  CHECK(split("a\\\\.b") == Texts{"a\\.b"});
  CHECK(split("metadata.annotations.[a.b.c/d.e.f-g.]") ==
        Texts{"metadata", "annotations", "a.b.c/d.e.f-g."});
  CHECK(split("a.[b]") == Texts{"a", "[b]"});
}

TEST_CASE("a bracket that is not closed takes all that follows") {
  CHECK(split("spec.data.[name=f.i.[r.s.t..key") == Texts{"spec", "data", "[name=f.i.[r.s.t..key"});
  CHECK(split("a.[b.c") == Texts{"a", "b.c"});
}

TEST_CASE("an index behind a name is a step of its own in vars") {
  const auto with_indices = [](std::string_view text) {
    return steps(FieldPath::parse_with_indices(text));
  };
  CHECK(with_indices("spec.ports[0].port") == Texts{"spec", "ports", "0", "port"});
  CHECK(with_indices("[1]") == Texts{"1"});
  CHECK(with_indices("a[0][1]") == Texts{"a[0]", "1"});
  CHECK(with_indices("a[x]") == Texts{"a[x]"});
  CHECK(with_indices("a[]") == Texts{"a[]"});
}

TEST_CASE("a step says what it is") {
  CHECK(kind("a") == FieldStep::Kind::field);
  CHECK(kind("-1") == FieldStep::Kind::field);
  CHECK(kind("-") == FieldStep::Kind::field);
  CHECK(kind("007") == FieldStep::Kind::index);
  CHECK(kind("+5") == FieldStep::Kind::index);
  CHECK(kind("99999999999999999999") == FieldStep::Kind::field);
  CHECK(kind("*") == FieldStep::Kind::every);
  CHECK(kind("[a]") == FieldStep::Kind::malformed);
  CHECK(kind("[=a]") == FieldStep::Kind::element);
  const FieldPath path = FieldPath::parse("[name=a=b]");
  CHECK(path.steps()[0].key == "name");
  CHECK(path.steps()[0].pattern.value().text == "a=b");
}

TEST_CASE("what is no regular expression is known as such") {
  CHECK_FALSE(FieldPath::parse("[name=(]").steps()[0].pattern.has_value());
  CHECK(FieldPath::parse("[name=w.b]").steps()[0].pattern.value().is_in("a web"));
  CHECK_FALSE(FieldPath::parse("[name=^w]").steps()[0].pattern.value().is_in("a web"));
}

}  // namespace
}  // namespace primocane

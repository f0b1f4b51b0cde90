// SPDX-License-Identifier: Apache-2.0
// Specification of altered_fields.
#include "resource/altered_fields.hpp"

#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

using namespace primocane;

namespace {

using Paths = std::vector<std::string>;

// What was sent comes back as `stored`; `fields` are ours.
Paths altered_of(std::string_view sent, std::string_view stored, Value fields, ItemNames names) {
  Value answer = yaml_value(stored);
  const Value entry = Object{{"manager", Value("primocane")},
                             {"operation", Value("Apply")},
                             {"fieldsV1", std::move(fields)}};
  answer.as_object()->set("metadata", Object{{"managedFields", Array{entry}}});
  return altered_fields(yaml_value(sent), answer, names);
}

Paths altered(std::string_view sent, std::string_view stored, std::string_view fields,
              ItemNames names = ItemNames::keys) {
  return altered_of(sent, stored, yaml_value(fields), names);
}

}  // namespace

TEST_CASE("a value that is not as it was sent, or gone, is named") {
  CHECK(altered("spec: {replicas: 1, paused: true}", "spec: {replicas: 3}",
                "f:spec: {f:replicas: {}, f:paused: {}}") ==
        Paths{".spec.replicas", ".spec.paused"});
  CHECK(altered("spec: {replicas: 1}", "spec: {replicas: 1}", "f:spec: {f:replicas: {}}").empty());
}

TEST_CASE("what others added, and what is not ours, is no difference") {
  CHECK(altered("spec: {a: 1}", "spec: {a: 1, b: 2}", "f:spec: {f:a: {}}").empty());
  CHECK(altered("spec: {a: 1}", "spec: {a: 2}", "f:other: {}").empty());
  CHECK(altered("spec: {whole: {a: 1}}", "spec: {whole: {a: 1, b: 2}}", "f:spec: {f:whole: {}}")
            .empty());
}

TEST_CASE("items of lists are found by their keys, wherever they are") {
  constexpr auto fields = R"(
f:spec:
  f:containers:
    'k:{"name":"web"}': {.: {}, f:image: {}, f:ports: {'k:{"containerPort":80,"protocol":"TCP"}': {.: {}, f:name: {}}}}
)";
  constexpr auto sent =
      "spec: {containers: [{name: web, image: a, ports: [{containerPort: 80, name: http}]}]}";
  CHECK(altered(sent, R"(
spec:
  containers:
  - {name: sidecar, image: x}
  - {name: web, image: b, ports: [{containerPort: 80, protocol: TCP, name: other}]}
)",
                fields) ==
        Paths{".spec.containers[name=web].image",
              ".spec.containers[name=web].ports[containerPort=80,protocol=TCP].name"});
  CHECK(altered(sent, "spec: {containers: [{name: sidecar}]}", fields, ItemNames::hidden) ==
        Paths{".spec.containers[*].image", ".spec.containers[*].ports[*].name"});
  CHECK(altered("{list: [b, a]}", "{list: [a, c]}", R"(f:list: {'v:"a"': {}, 'v:"b"': {}})") ==
        Paths{".list[*]"});
}

TEST_CASE("an item that has all keys is preferred to one that lacks a default") {
  constexpr auto fields =
      R"(f:ports: {'k:{"port":53,"protocol":"UDP"}': {f:name: {}}, 'k:{"port":53,"protocol":"TCP"}': {f:name: {}}})";
  CHECK(
      altered(
          "ports: [{port: 53, name: dns-tcp}, {port: 53, protocol: UDP, name: dns}]",
          "ports: [{port: 53, protocol: TCP, name: dns-tcp}, {port: 53, protocol: UDP, name: dns}]",
          fields)
          .empty());
}

TEST_CASE("a list that is one value is compared item by item") {
  CHECK(altered("{args: [a, b]}", "{args: [a, b]}", "f:args: {}").empty());
  CHECK(altered("{args: [a, b]}", "{args: [b, a]}", "f:args: {}") == Paths{".args"});
  CHECK(altered("{args: [a]}", "{args: [a, b]}", "f:args: {}") == Paths{".args"});
  CHECK(altered("{claims: [{size: 1Gi}]}", "{claims: [{size: 1024Mi, status: {}}]}", "f:claims: {}")
            .empty());
}

TEST_CASE("the same value in another form is no difference") {
  CHECK(altered("{cpu: 1000m}", "{cpu: '1'}", "f:cpu: {}").empty());
  CHECK(altered("{cpu: 1}", "{cpu: '1'}", "f:cpu: {}").empty());
  CHECK(altered("{at: '2026-01-02T03:04:05+00:00'}", "{at: '2026-01-02T03:04:05Z'}", "f:at: {}")
            .empty());
  CHECK(altered("{ca: \"YWJj\\nZGVm\\n\"}", "{ca: YWJjZGVm}", "f:ca: {}").empty());
  CHECK(altered("{ca: YWJj}", "{ca: YWJk}", "f:ca: {}") == Paths{".ca"});
  CHECK(altered("{max: 9007199254740993}", "{max: 9007199254740992}", "f:max: {}").empty());
  CHECK(altered("{flag: true}", "{flag: 'true'}", "f:flag: {}") == Paths{".flag"});
}

TEST_CASE("what is empty may be missing, and what says nothing may be set") {
  CHECK(altered("{a: '', b: 0, c: false, d: [], e: {}, f: null, g: {h: ''}}", "{}",
                "{f:a: {}, f:b: {}, f:c: {}, f:d: {}, f:e: {}, f:f: {}, f:g: {}}")
            .empty());
  CHECK(altered("{rules: [], more: {}}", "{rules: null, more: null}", "{f:rules: {}, f:more: {}}")
            .empty());
  CHECK(altered("{ip: ''}", "{ip: 10.0.0.1}", "f:ip: {}").empty());
  CHECK(altered("{nodePort: 0}", "{nodePort: 30001}", "f:nodePort: {}").empty());
  CHECK(altered("{metrics: []}", "{metrics: [{type: Resource}]}", "f:metrics: {}").empty());
  CHECK(altered("{privileged: false}", "{privileged: true}", "f:privileged: {}") ==
        Paths{".privileged"});
}

TEST_CASE("damaged steps, great depth and great breadth end the comparison, not the agent") {
  CHECK(altered("{list: [{a: 1}]}", "{list: [{a: 2}]}",
                R"(f:list: {'k:{"a"': {}, odd: {}, 'k:': {}, 'i:0': {}, x: {}})")
            .empty());
  std::string many = "f:data: {";
  std::string data = "data: {";
  for (int i = 0; i < 201; ++i) {
    many += fmt::format("f:k{}: {{}}, ", i);
    data += fmt::format("k{}: v, ", i);
  }
  CHECK(altered(data + "}", "data: {}", many + "}").empty());
  std::string few = "f:data: {";
  for (int i = 0; i < 30; ++i) few += fmt::format("f:k{}: {{}}, ", i);
  CHECK(altered(data + "}", "data: {}", few + "}").size() == 20);
  Value deep = Object{{"f:x", Object{}}};
  for (int i = 0; i < 400; ++i) deep = Object{{"f:x", std::move(deep)}};
  CHECK(altered_of("{x: 1}", "{x: 2}", deep, ItemNames::keys).empty());
}

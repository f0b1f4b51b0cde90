// SPDX-License-Identifier: Apache-2.0
// Specification of field_paths.
#include "resource/field_paths.hpp"

#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

using Paths = std::vector<std::string>;

Value object_with(std::string_view entries) {
  return Object{{"metadata", Object{{"managedFields", yaml_value(entries)}}}};
}

}  // namespace

TEST_CASE("fields are written as people write them") {
  const Value fields = yaml_value(R"(
f:metadata: {f:labels: {f:app.kubernetes.io/name: {}}, f:finalizers: {'v:"a/b"': {}}}
f:spec:
  f:replicas: {}
  f:template:
    f:containers:
      'k:{"name":"app"}': {.: {}, f:image: {}, f:args: {}}
      'k:{"containerPort":80,"protocol":"TCP"}': {.: {}}
  f:list: {'i:2': {}}
)");
  CHECK(field_paths_beyond(fields, Value()) ==
        Paths{".metadata.labels.app.kubernetes.io/name", ".metadata.finalizers[*]",
              ".spec.replicas", ".spec.template.containers[name=app].image",
              ".spec.template.containers[name=app].args",
              ".spec.template.containers[containerPort=80,protocol=TCP]", ".spec.list[2]"});
}

TEST_CASE("only what the others have not is told, and not more than asked for") {
  const Value fields = yaml_value("{f:data: {f:a: {}, f:b: {}, f:c: {}}}");
  CHECK(field_paths_beyond(fields, yaml_value("{f:data: {f:b: {}}}")) ==
        Paths{".data.a", ".data.c"});
  CHECK(field_paths_beyond(fields, Value(), ItemNames::keys, 2) == Paths{".data.a", ".data.b"});
  CHECK(field_paths_beyond(fields, fields).empty());
  CHECK(field_paths_beyond(Value(), fields).empty());
}

TEST_CASE("keys that are damaged, and keys that nobody may see, are not told") {
  CHECK(field_paths_beyond(yaml_value(R"({'k:{"name"': {}, odd: {}, 'k:[1]': {}})"), Value()) ==
        Paths{"[*]", "[*]", "[*]"});
  CHECK(field_paths_beyond(yaml_value(R"(f:list: {'k:{"name":"hush"}': {f:a: {}}})"), Value(),
                           ItemNames::hidden) == Paths{".list[*].a"});
}

TEST_CASE("our fields are those of our Apply entry") {
  const Value object = object_with(R"(
- {manager: primocane, operation: Update, fieldsV1: {f:x: {}}}
- {manager: primocane, operation: Apply, subresource: status, fieldsV1: {f:y: {}}}
- {manager: primocane, operation: Apply, fieldsV1: {f:data: {}}}
)");
  CHECK(applied_fields_of(object) == yaml_value("{f:data: {}}"));
  CHECK(applied_fields_of(object_with("[]")).is_null());
  CHECK(applied_fields_of(Value()).is_null());
}

TEST_CASE("those of another are all of its entries but for subresources") {
  const Value object = object_with(R"(
- {manager: kubectl-edit, operation: Update, fieldsV1: {f:x: {}}}
- {manager: kubectl-edit, operation: Update, subresource: scale, fieldsV1: {f:y: {}}}
- {manager: kubectl-edit, operation: Apply, fieldsV1: {f:z: {}}}
)");
  CHECK(fields_of_manager(object, "kubectl-edit").size() == 2);
}

TEST_CASE("a list of fields is cut after five") {
  CHECK(describe_fields({}).empty());
  CHECK(describe_fields({".a", ".b"}) == ".a, .b");
  CHECK(describe_fields({".a", ".b", ".c", ".d", ".e", ".f", ".g"}) ==
        ".a, .b, .c, .d, .e and 2 more");
}

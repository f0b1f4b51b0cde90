// SPDX-License-Identifier: Apache-2.0
#include "render/object_file.hpp"

#include "render/render_desired.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

using Lines = std::vector<std::string>;

Result<std::vector<Draft>> read(std::string_view text) {
  return read_objects(text, "apps/web.yaml", {});
}

// "apps/web.yaml:4 #2 ConfigMap/home/a" for each object.
Lines objects(std::string_view text) {
  const Result<std::vector<Draft>> resources = read(text);
  if (!resources) return {resources.error().message};
  Lines lines;
  for (const Draft& resource : *resources) {
    lines.push_back(fmt::format("{} #{} {}", to_string(resource.origin), resource.origin.document,
                                to_string(resource.id)));
  }
  return lines;
}

// Whether what is read is refused at once, or as an object for Kubernetes.
bool is_refused(std::string_view text, int line, std::string_view what) {
  Result<std::vector<Draft>> drafts = read(text);
  const Result<std::vector<Resource>> resources =
      drafts ? as_resources(std::move(*drafts))
             : Result<std::vector<Resource>>(std::unexpected(std::move(drafts).error()));
  if (resources || resources.error().kind != ErrorKind::invalid) return false;
  const std::string& message = resources.error().message;
  INFO(message);
  return message.starts_with(fmt::format("apps/web.yaml:{}: ", line)) &&
         message.find(what) != std::string::npos;
}

TEST_CASE("each document of a file knows on which line it begins: that of its --- if it has one") {
  CHECK(objects(R"(# A comment.
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: home}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, namespace: home}
---

# Another comment.
apiVersion: v1
kind: Namespace
metadata: {name: home}
)") == Lines{"apps/web.yaml:2 #1 ConfigMap/home/a", "apps/web.yaml:5 #2 ConfigMap/home/b",
             "apps/web.yaml:9 #3 Namespace/home"});
}

TEST_CASE("lines are right in files with Windows' line ends and with a byte order mark") {
  CHECK(objects("\xEF\xBB\xBF---\r\napiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: a}\r\n"
                "---\r\napiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: b}\r\n") ==
        Lines{"apps/web.yaml:1 #1 ConfigMap/a", "apps/web.yaml:5 #2 ConfigMap/b"});
}

TEST_CASE("a file without objects holds none") {
  CHECK(objects("").empty());
  CHECK(objects("# nothing\n---\n---\n# nothing\n").empty());
  CHECK(objects("null\n").empty());
  CHECK(objects("{}\n---\n[]\n").empty());
}

TEST_CASE("JSON is YAML") {
  CHECK(objects(R"({"apiVersion": "v1",
 "kind": "ConfigMap", "metadata": {"name": "a"}})") == Lines{"apps/web.yaml:1 #1 ConfigMap/a"});
}

TEST_CASE("the items of lists stand behind all documents, on their own lines") {
  CHECK(objects(R"(apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: b}
  - apiVersion: v1
    kind: ConfigMapList
    items:
      - apiVersion: v1
        kind: ConfigMap
        metadata: {name: c}
  -
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
)") == Lines{"apps/web.yaml:14 #2 ConfigMap/a", "apps/web.yaml:4 #1 ConfigMap/b",
             "apps/web.yaml:10 #1 ConfigMap/c"});
  CHECK(objects("apiVersion: v1\nkind: List\nitems:\n").empty());
  CHECK(objects("apiVersion: v1\nkind: List\nitems: []\n").empty());
}

TEST_CASE("a kind that ends in List but has no items is an object like others") {
  CHECK(objects("apiVersion: example.org/v1\nkind: ShoppingList\nmetadata: {name: a}\n") ==
        Lines{"apps/web.yaml:1 #1 ShoppingList/a"});
}

TEST_CASE("what is no object is an error on the line of the document, or of the field") {
  CHECK(is_refused("- a\n- b\n", 1, "must be a mapping, not a list"));
  CHECK(is_refused("just text\n", 1, "must be a mapping, not a string"));
  CHECK(is_refused("\nkind: ConfigMap\nmetadata: {name: a}\n", 2, "apiVersion is missing"));
  CHECK(is_refused("apiVersion: v1\nmetadata: {name: a}\n", 1, "kind is missing"));
  CHECK(is_refused("apiVersion: v1\nkind: ConfigMap\n", 1, "metadata.name is missing"));
  CHECK(is_refused("apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: a}\n", 1,
                   "metadata.name is missing"));
  CHECK(is_refused("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 5\n", 4,
                   "metadata.name must be a string, not a number"));
  CHECK(is_refused("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    b: 1\n",
                   6, "\"b\" must be a string, not a number"));
  CHECK(is_refused("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  - name: a\n", 3,
                   "metadata must be a mapping, not a list"));
  CHECK(is_refused("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: a-\n", 4,
                   "generateName is not supported"));
}

TEST_CASE("what is wrong in a later document or in an item names its own line") {
  CHECK(is_refused("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n\nkind: Namespace\n",
                   6, "metadata.name is missing"));
  CHECK(is_refused("apiVersion: v1\nkind: List\nitems:\n  - kind: Namespace\n", 4,
                   "metadata.name is missing"));
  CHECK(is_refused("apiVersion: v1\nkind: List\nitems:\n  a: b\n", 3, "must be a list"));
  CHECK(is_refused("apiVersion: v1\nkind: List\nitems: [text]\n", 3, "must be a mapping"));
}

TEST_CASE("a kustomization file among objects is told to be listed by its folder") {
  CHECK(is_refused("\n\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", 3,
                   "list its folder"));
}

TEST_CASE("a file of objects that is no YAML is an error with its line") {
  CHECK(is_refused("apiVersion: v1\nkind: [ConfigMap\n", 3, ""));
  CHECK(is_refused("apiVersion: v1\n\tkind: ConfigMap\n", 2, ""));
  CHECK(is_refused("kind: a\nkind: b\n", 2, "given already on line 1"));
}

TEST_CASE("the limits of documents hold for files of objects") {
  DocumentLimits limits;
  limits.documents = 1;
  const std::string_view two = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\na: b\n";
  CHECK_FALSE(read_objects(two, "a.yaml", limits));
}

}  // namespace
}  // namespace primocane

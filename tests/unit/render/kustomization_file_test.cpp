// SPDX-License-Identifier: Apache-2.0
#include "render/kustomization_file.hpp"

#include "support/memory_tree.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {
namespace {

Result<KustomizationFile> read(std::string_view text) {
  return read_kustomization_file(text, "apps/kustomization.yaml", {});
}

// The message, if the file is refused as wrong input.
std::string refusal(std::string_view text) {
  const Result<KustomizationFile> file = read(text);
  if (file) return "accepted";
  return file.error().kind == ErrorKind::invalid ? file.error().message : "of another kind";
}

bool says(const std::string& message, std::string_view what) {
  return message.find(what) != std::string::npos;
}

// What is wrong on line `line`, told with the words `what`.
bool is_refused(std::string_view text, int line, std::string_view what) {
  const std::string message = refusal(text);
  INFO(message);
  return message.starts_with(fmt::format("apps/kustomization.yaml:{}: ", line)) &&
         says(message, what);
}

Result<std::optional<RelativePath>> find_in(TreeContent content) {
  return find_kustomization_file(*make_memory_tree(std::move(content)),
                                 RelativePath::parse("apps").value());
}

TEST_CASE("a kustomization file is read with the lines of its resources") {
  const Result<KustomizationFile> file = read(R"(# Home
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
metadata: {name: home}
namespace: home
namePrefix: my-
nameSuffix: -one
resources:
  - ../base

  - web.yaml
labels:
  - pairs: {app: web}
    includeSelectors: true
  - pairs: {tier: front}
    includeTemplates: true
    fields:
      - {group: example.org, version: v1, kind: Lamp, path: spec/labels, create: true}
commonAnnotations:
  team: home
)");
  REQUIRE(file);
  CHECK(file->path == "apps/kustomization.yaml");
  CHECK(file->name() == "kustomization.yaml");
  CHECK(file->resources == std::vector<ListedPath>{{"../base", 9}, {"web.yaml", 11}});
  CHECK(file->namespace_name == "home");
  CHECK(file->name_prefix == "my-");
  CHECK(file->name_suffix == "-one");
  const FieldSpec lamp_labels{.group = "example.org",
                              .version = "v1",
                              .kind = "Lamp",
                              .path = "spec/labels",
                              .create = CreateField::yes};
  const std::vector<LabelRule> labels{
      {.pairs = {{"app", "web"}}, .include_selectors = true},
      {.pairs = {{"tier", "front"}}, .include_templates = true, .fields = {lamp_labels}}};
  CHECK(file->labels == labels);
  CHECK(file->common_annotations == TextPairs{{"team", "home"}});
}

TEST_CASE("deprecated fields are read as what replaced them") {
  const Result<KustomizationFile> file = read(R"(resources: [a.yaml]
bases: [../base]
images: [{name: web, newTag: "1"}]
imageTags: [{name: db, newTag: "2"}]
)");
  REQUIRE(file);
  CHECK(file->resources == std::vector<ListedPath>{{"a.yaml", 1}, {"../base", 2}});
  REQUIRE(file->images.size() == 2);
  CHECK(file->images[1].name == "db");
}

TEST_CASE("generatorOptions hold for every generator that does not say otherwise") {
  const Result<KustomizationFile> file = read(R"(generatorOptions:
  labels: {app: web}
  disableNameSuffixHash: true
configMapGenerator:
- name: a
- name: b
  options: {labels: {app: db}}
secretGenerator:
- name: c
)");
  REQUIRE(file);
  CHECK(file->config_map_generators.at(0).options.labels == TextPairs{{"app", "web"}});
  CHECK(file->config_map_generators.at(1).options.labels == TextPairs{{"app", "db"}});
  CHECK(file->secret_generators.at(0).options.disable_name_suffix_hash);
}

TEST_CASE("sortOptions give an order of kinds, or say that there is none") {
  CHECK_FALSE(read("resources: []\n")->sort_options);
  const auto fifo = read("sortOptions: {order: fifo}\n");
  REQUIRE(fifo);
  CHECK_FALSE(fifo->sort_options->legacy);
  const auto legacy =
      read("sortOptions: {order: legacy, legacySortOptions: {orderFirst: [A], orderLast: [B]}}\n");
  REQUIRE(legacy);
  CHECK(*legacy->sort_options->legacy == KindOrder{.first = {"A"}, .last = {"B"}});
  CHECK(is_refused("resources: []\nsortOptions: {order: lifo}\n", 2, "\"fifo\" or \"legacy\""));
  CHECK(is_refused("sortOptions: {order: fifo, legacySortOptions: {}}\n", 1, "fifo, not legacy"));
}

TEST_CASE("charts are refused with a word on what to do instead") {
  CHECK(is_refused("resources: []\nhelmCharts:\n- name: a\n", 3, "HelmRelease"));
  CHECK(is_refused("helmChartInflationGenerator:\n- chartName: a\n", 2, "HelmRelease"));
  CHECK(read("resources: []\nhelmCharts: []\n"));
}

TEST_CASE("a field without a value is as good as none") {
  CHECK(read("resources: [a.yaml]\npatches: []\nimages:\nvars: null\nnamespace: ''\n"));
  CHECK(read("resources: [a.yaml]\ncommonLabels: {}\n"));
}

TEST_CASE("a field that kustomize does not know is an error that suggests the one meant") {
  CHECK(is_refused("namespace: home\nresource:\n  - a.yaml\n", 2,
                   "no field \"resource\"; did you mean \"resources\"?"));
  CHECK(is_refused("resources: [a.yaml]\nnameprefx: b\n", 2, "did you mean \"namePrefix\"?"));
  const std::string message = refusal("resources: [a.yaml]\nsomethingElse: b\n");
  CHECK(message.starts_with("apps/kustomization.yaml:2: "));
  CHECK_FALSE(says(message, "did you mean"));
}

TEST_CASE(
    "a field of labels that kustomize does not know is an error that suggests the one meant") {
  CHECK(is_refused("labels:\n  - pairs: {a: b}\n    includeSelector: true\n", 3,
                   "did you mean \"includeSelectors\"?"));
  CHECK(is_refused("labels:\n  - pairs: {a: b}\n    fields:\n      - pth: spec\n", 4,
                   "did you mean \"path\"?"));
}

TEST_CASE("names of fields are taken in any case, once") {
  const Result<KustomizationFile> file = read("Resources: [a.yaml]\nNAMESPACE: home\n");
  REQUIRE(file);
  CHECK(file->resources.size() == 1);
  CHECK(file->namespace_name == "home");
  CHECK(is_refused("resources: [a.yaml]\nResources: [b.yaml]\n", 2, "given twice"));
}

TEST_CASE("of a field that is given twice the last one counts, as in kustomize") {
  const Result<KustomizationFile> file = read("namespace: a\nresources: [a.yaml]\nnamespace: b\n");
  REQUIRE(file);
  CHECK(file->namespace_name == "b");
}

TEST_CASE("yes is true and on is true, as in kustomize") {
  const auto file = read("labels:\n- pairs: {a: b}\n  includeSelectors: yes\n");
  REQUIRE(file);
  CHECK(file->labels.at(0).include_selectors);
}

TEST_CASE("a field of the wrong type is an error with its line and what was expected") {
  CHECK(is_refused("- a.yaml\n", 1, "a mapping"));
  CHECK(is_refused("just text\n", 1, "a mapping"));
  CHECK(is_refused("namespace: home\nresources: a.yaml\n", 2, "a list, not a string"));
  CHECK(is_refused("resources:\n  a.yaml: b\n", 1, "a list, not a mapping"));
  CHECK(is_refused("resources:\n  - a.yaml\n  - 5\n", 3, "a string, not a number"));
  CHECK(is_refused("resources:\n  - a.yaml\n  - {path: b.yaml}\n", 3, "a string, not a mapping"));
  CHECK(is_refused("resources:\n  - a.yaml\n  - null\n", 3, "empty"));
  CHECK(is_refused("resources:\n  - a.yaml\n  - ''\n", 3, "empty"));
  CHECK(is_refused("namespace: 5\n", 1, "a string, not a number"));
  CHECK(is_refused("namespace: [home]\n", 1, "a string, not a list"));
  CHECK(is_refused("namePrefix: 5\n", 1, "a string, not a number"));
  CHECK(is_refused("nameSuffix: true\n", 1, "a string, not a boolean"));
  CHECK(is_refused("labels: {a: b}\n", 1, "a list, not a mapping"));
  CHECK(is_refused("labels:\n  - a\n", 2, "a mapping, not a string"));
  CHECK(is_refused("labels:\n  - pairs: [a]\n", 2, "a mapping of strings"));
  CHECK(is_refused("labels:\n  - pairs:\n      a: 5\n", 3, "pairs.a must be a string"));
  CHECK(
      is_refused("labels:\n  - pairs: {a: b}\n    includeSelectors: 'yes'\n", 3, "true or false"));
  CHECK(is_refused("labels:\n  - pairs: {a: b}\n    fields: spec\n", 3, "a list, not a string"));
  CHECK(
      is_refused("labels:\n  - pairs: {a: b}\n    fields: [spec]\n", 3, "a mapping, not a string"));
  CHECK(is_refused("commonAnnotations: [a]\n", 1, "a mapping of strings"));
  CHECK(is_refused("commonAnnotations:\n  a: b\n  port: 80\n", 3, "commonAnnotations.port"));
  CHECK(is_refused("kind: [Kustomization]\n", 1, "a string"));
}

TEST_CASE("a file of another kind or version is an error") {
  CHECK(is_refused("kind: Component\napiVersion: kustomize.config.k8s.io/v1beta1\n", 2,
                   "kustomize.config.k8s.io/v1alpha1"));
  CHECK(read("kind: Component\nresources: [a.yaml]\n")->kind == KustomizationKind::component);
  CHECK(is_refused("resources: [a.yaml]\nkind: Deployment\n", 2, "not \"Deployment\""));
  CHECK(is_refused("apiVersion: kustomize.config.k8s.io/v2\nresources: [a.yaml]\n", 1,
                   "kustomize.config.k8s.io/v1beta1"));
  CHECK(is_refused("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n", 1, "Flux"));
}

TEST_CASE("a file of another tool is told as such, not by the first field that kustomize lacks") {
  CHECK(
      is_refused("spec: {path: ./apps}\napiVersion: kustomize.toolkit.fluxcd.io/v1\n"
                 "kind: Kustomization\n",
                 2, "Flux"));
  CHECK(is_refused("spec: {}\napiVersion: apps/v1\nkind: Deployment\n", 3, "not \"Deployment\""));
}

TEST_CASE("a file that asks for nothing, or holds several documents, is an error") {
  CHECK(says(refusal(""), "apps/kustomization.yaml"));
  CHECK(says(refusal("# nothing\n"), "empty"));
  CHECK(
      says(refusal("kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n"), "empty"));
  CHECK(is_refused("resources: [a.yaml]\n---\nresources: [b.yaml]\n", 3, "one document"));
  CHECK(read("resources: [a.yaml]\n---\n# nothing\n"));
}

TEST_CASE("a file that is no YAML is an error with its line") {
  CHECK(is_refused("resources:\n  - a.yaml\n - b.yaml\n", 3, ""));
}

TEST_CASE("a folder's kustomization file has one of three names") {
  for (const std::string_view name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
    const std::string path = fmt::format("apps/{}", name);
    const auto found = find_in({.files = {{path, "resources: []"}}, .links = {}, .submodules = {}});
    REQUIRE(found);
    REQUIRE(found->has_value());
    CHECK((*found)->str() == path);
  }
  for (const std::string_view name :
       {"kustomization.YAML", "Kustomization.yaml", "kustomization"}) {
    const auto found =
        find_in({.files = {{fmt::format("apps/{}", name), ""}}, .links = {}, .submodules = {}});
    REQUIRE(found);
    CHECK_FALSE(found->has_value());
  }
}

TEST_CASE("two kustomization files in a folder are an error that names both") {
  const auto found = find_in({.files = {{"apps/kustomization.yaml", "resources: []"},
                                        {"apps/Kustomization", "resources: []"}},
                              .links = {},
                              .submodules = {}});
  REQUIRE_FALSE(found);
  CHECK(found.error().kind == ErrorKind::invalid);
  CHECK(says(found.error().message, "apps/kustomization.yaml"));
  CHECK(says(found.error().message, "apps/Kustomization"));
}

TEST_CASE("a folder of that name is no kustomization file, and a link to one is") {
  const auto folder =
      find_in({.files = {{"apps/kustomization.yaml/a.yaml", ""}}, .links = {}, .submodules = {}});
  REQUIRE(folder);
  CHECK_FALSE(folder->has_value());
  const auto link = find_in({.files = {{"shared/home.yaml", "resources: []"}},
                             .links = {{"apps/kustomization.yaml", "../shared/home.yaml"}},
                             .submodules = {}});
  REQUIRE(link);
  CHECK(link->has_value());
}

}  // namespace
}  // namespace primocane

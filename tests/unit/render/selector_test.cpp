// SPDX-License-Identifier: Apache-2.0
#include "render/selector.hpp"

#include "document/json.hpp"
#include "support/json_lines.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

// A row of the table that tests/oracle/selectors prints.
struct SelectorCase {
  explicit SelectorCase(const Value& row) : object(*row.find("object")) {
    for (const Value& selector : *row.find("selectors")->as_array()) {
      selectors.push_back(read_selector(selector, FieldReader("cases.jsonl")).value());
    }
    const std::string_view api_version = object.text_at("apiVersion");
    const std::size_t slash = api_version.find('/');
    current = {.group = slash == std::string_view::npos ? "" : api_version.substr(0, slash),
               .version = api_version.substr(slash == std::string_view::npos ? 0 : slash + 1),
               .kind = object.text_at("kind"),
               .name = object.text_at("name"),
               .namespace_name = object.text_at("namespace")};
    marks = {.labels = object.find("labels"), .annotations = object.find("annotations")};
  }

  [[nodiscard]] std::string_view effective(std::string_view namespace_name) const {
    if (current.group.empty() && current.kind == "Namespace") return "_non_namespaceable_";
    return namespace_name.empty() ? "default" : namespace_name;
  }

  [[nodiscard]] Result<bool> find_for_patch() const {
    PatchCandidate candidate{.current = current,
                             .original_name = object.text_at("oldName"),
                             .original_namespace = effective(object.text_at("oldNamespace")),
                             .marks = marks};
    candidate.current.namespace_name = effective(current.namespace_name);
    return TRY(TargetSelector::make(selectors.front(), "cases.jsonl")).selects(candidate);
  }

  [[nodiscard]] Result<bool> find_for_replacement() const {
    std::vector<IdText> ids = {current};
    IdText old = current;
    old.name = object.text_at("oldName");
    old.namespace_name = object.text_at("oldNamespace");
    if (old.name != current.name || old.namespace_name != current.namespace_name) {
      old.namespace_name = effective(old.namespace_name);
      ids.push_back(old);
    }
    const auto reject = std::span(selectors).subspan(1);
    const auto scope = TRY(ReplacementScope::make(selectors.front(), reject, "cases.jsonl"));
    // The source of the replacement is among the objects there.
    const IdText source{.version = "v9", .kind = "Source", .name = "source"};
    TRY(scope.covers(std::span(&source, 1), {}));
    return scope.covers(ids, marks);
  }

  Value object;
  std::vector<Selector> selectors;
  IdText current;
  MarkValues marks;
};

Result<bool> find(std::string_view kind, const SelectorCase& row) {
  const Selector& selector = row.selectors.front();
  if (kind == "patch") return row.find_for_patch();
  if (kind == "replacement") return row.find_for_replacement();
  const TargetSelector target = TRY(TargetSelector::make(selector, "cases.jsonl"));
  if (kind == "labels") return target.matches_marks(row.marks);
  return target.matches_id(row.current);
}

}  // namespace

TEST_CASE("a selector finds what it finds in kustomize") {
  std::size_t compared = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/selectors/cases.jsonl")) {
    CAPTURE(write_json(row));
    const auto found = find(row.text_at("kind"), SelectorCase(row));
    CAPTURE(found ? "" : found.error().message);
    if (!found) CHECK(found.error().kind == ErrorKind::invalid);
    REQUIRE((!found ? "error" : *found ? "yes" : "no") == row.text_at("found"));
    ++compared;
  }
  CHECK(compared > 80);
}

TEST_CASE("a selector is read with its fields in any case and refused with others") {
  const auto selector =
      read_selector(yaml_value("{KIND: Deployment, name: web.*, namespace: x, labelSelector: a=b}"),
                    FieldReader("k.yaml"));
  CHECK(selector == Selector{.kind = "Deployment",
                             .name = "web.*",
                             .namespace_name = "x",
                             .label_selector = "a=b",
                             .line = 1});
  CHECK(read_selector(yaml_value("{name: 1}"), FieldReader("k.yaml")).error().message ==
        "k.yaml:1: name must be a string, not a number");
  CHECK(read_selector(yaml_value("{labels: a=b}"), FieldReader("k.yaml")).error().message ==
        "k.yaml:1: a selector has no field \"labels\"");
}

TEST_CASE("a wrong pattern is told at once, a wrong label selector when an object meets it") {
  CHECK(TargetSelector::make({.name = "(", .line = 3}, "k.yaml")
            .error()
            .message.starts_with("k.yaml:3: name of the selector: "));
  const auto target =
      TargetSelector::make({.kind = "A", .label_selector = "=", .line = 3}, "k.yaml");
  REQUIRE(target.has_value());
  CHECK(target->selects({.current = {.kind = "B"}}) == false);
  CHECK(target->selects({.current = {.kind = "A"}}).error().message ==
        "k.yaml:3: the selector \"=\": found \"=\", expected \"!\" or a key");
}

TEST_CASE("the target of a patch is found by its original name as well as by its present one") {
  const auto target = TargetSelector::make({.name = "web", .namespace_name = "x"}, "k.yaml");
  const auto selects = [&](std::string_view old_name, std::string_view name,
                           std::string_view namespace_name) {
    return target->selects({.current = {.name = name, .namespace_name = namespace_name},
                            .original_name = old_name,
                            .original_namespace = "y"});
  };
  CHECK(selects("web", "my-web", "x") == true);
  CHECK(selects("other", "web", "x") == true);
  CHECK(selects("other", "my-web", "x") == false);
  CHECK(selects("web", "web", "z") == false);
}

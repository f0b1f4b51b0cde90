// SPDX-License-Identifier: Apache-2.0
// Specification of handing fields over from one manager to another.
#include "resource/handed_over_fields.hpp"

#include "document/json.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

using namespace primocane;

namespace {

Value managed_object(std::string_view entries, std::string_view annotations = "{}") {
  return yaml_value(fmt::format("metadata: {{name: a, annotations: {}, managedFields: {}}}",
                                annotations, entries));
}

// "manager operation fields" of each entry.
std::vector<std::string> handed_over(const Value& object, const HandOver& hand_over = {}) {
  std::vector<std::string> lines;
  const std::optional<Array> entries = hand_over_fields(object, hand_over);
  if (!entries) return lines;
  for (const Value& entry : *entries) {
    lines.push_back(fmt::format("{} {} {}", entry.text_at("manager"), entry.text_at("operation"),
                                write_canonical_json(*entry.find("fieldsV1"))));
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("fields that kubectl has set become part of our entry, whatever its subcommand") {
  const std::string_view tool = GENERATE("kubectl", "kubectl-edit", "kubectl-client-side-apply",
                                         "kubectl-patch", "before-first-apply");
  const std::string_view operation = GENERATE("Update", "Apply");
  const Value object = managed_object(fmt::format(
      "[{{manager: {}, operation: {}, fieldsV1: {{'f:data': {{'f:b': {{}}}}}}}}, "
      "{{manager: primocane, operation: Apply, fieldsV1: {{'f:data': {{'f:a': {{}}}}}}}}]",
      tool, operation));
  CHECK(handed_over(object) == Lines{R"(primocane Apply {"f:data":{"f:a":{},"f:b":{}}})"});
  CHECK(tool_with_fields(object) == tool);
}

TEST_CASE("without an entry of ours the first of a tool becomes it and the others join") {
  const Value object = managed_object(
      "[{manager: kubectl, operation: Update, apiVersion: v1, time: '2026-11-23T10:00:02Z', "
      "fieldsV1: {'f:data': {'f:a': {}}}}, "
      "{manager: somebody, operation: Update, fieldsV1: {'f:data': {'f:c': {}}}}, "
      "{manager: kubectl-edit, operation: Update, fieldsV1: {'f:data': {'f:b': {}}}}]");
  CHECK(handed_over(object) == Lines{R"(somebody Update {"f:data":{"f:c":{}}})",
                                     R"(primocane Apply {"f:data":{"f:a":{},"f:b":{}}})"});
  const std::optional<Array> entries = hand_over_fields(object);
  CHECK(entries->at(1).text_at("apiVersion") == "v1");
  CHECK(entries->at(1).text_at("time") == "2026-11-23T10:00:02Z");
}

TEST_CASE("controllers, subresources and objects without managedFields hand nothing over") {
  const Value object = GENERATE(
      managed_object("[]"),
      managed_object("[{manager: kube-controller-manager, operation: Update, "
                     "fieldsV1: {'f:data': {'f:a': {}}}}]"),
      managed_object("[{manager: kubectl-scale, operation: Update, subresource: scale, fieldsV1: "
                     "{'f:spec': {'f:replicas': {}}}}]"),
      managed_object("[{manager: my-kubectl, operation: Update, fieldsV1: {'f:data': {}}}]"),
      managed_object("[{manager: kubectl, operation: Update, fieldsV1: {}}]"),
      managed_object("[{manager: kubectl, operation: Update}]"), managed_object("7"),
      managed_object("[7, null, [], {manager: [kubectl]}]"), yaml_value("{}"), yaml_value("[]"));
  CHECK_FALSE(hand_over_fields(object).has_value());
  CHECK(tool_with_fields(object).empty());
}

TEST_CASE("a field that is one by itself and one that is below it become both") {
  const Value object = managed_object(
      "[{manager: kubectl, operation: Update, fieldsV1: {'f:data': {}, 'f:spec': {'f:a': {}}}}, "
      "{manager: primocane, operation: Apply, fieldsV1: {'f:data': {'f:a': {}}, 'f:spec': {}}}]");
  CHECK(handed_over(object) ==
        Lines{R"(primocane Apply {"f:data":{".":{},"f:a":{}},"f:spec":{".":{},"f:a":{}}})"});
}

TEST_CASE("what asks for something once stays with who asked") {
  const Value object = managed_object(
      "[{manager: kubectl-rollout, operation: Update, fieldsV1: {'f:spec': {'f:template': "
      "{'f:metadata': {'f:annotations': {'.': {}, 'f:kubectl.kubernetes.io/restartedAt': {}}}}}}}, "
      "{manager: kubectl-annotate, operation: Update, fieldsV1: {'f:metadata': {'f:annotations': "
      "{'f:reconcile.fluxcd.io/requestedAt': {}, 'f:reconcile.fluxcd.io/forceAt': {}}}}}]");
  CHECK_FALSE(hand_over_fields(object).has_value());
  CHECK(tool_with_fields(object).empty());
  const HandOver all{.spared = Spared::nothing};
  CHECK(handed_over(object, all).size() == 1);
}

TEST_CASE("what is beside such a request is handed over alone") {
  const Value object = managed_object(
      "[{manager: kubectl-patch, operation: Update, fieldsV1: {'f:metadata': {'f:annotations': "
      "{'.': {}, 'f:note': {}, 'f:reconcile.fluxcd.io/requestedAt': {}}}}}, "
      "{manager: primocane, operation: Apply, fieldsV1: {'f:data': {}}}]");
  CHECK(
      handed_over(object) ==
      Lines{
          R"(kubectl-patch Update {"f:metadata":{"f:annotations":)"
          R"({"f:reconcile.fluxcd.io/requestedAt":{}}}})",
          R"(primocane Apply {"f:data":{},"f:metadata":{"f:annotations":{".":{},"f:note":{}}}})"});
}

TEST_CASE("an object that says Merge keeps what people set") {
  const std::string_view entries =
      "[{manager: kubectl, operation: Update, fieldsV1: {'f:data': {'f:a': {}}}}]";
  CHECK(tool_with_fields(managed_object(entries, "{kustomize.toolkit.fluxcd.io/ssa: merge}"))
            .empty());
  CHECK(tool_with_fields(managed_object(entries, "{kustomize.toolkit.fluxcd.io/ssa: Override}")) ==
        "kubectl");
}

TEST_CASE("any manager can hand over to any other, and only names that are meant") {
  constexpr std::array<ManagerPattern, 1> ours{
      {{.name = "primocane", .match = ManagerPattern::Match::exact}}};
  const Value object = managed_object(
      "[{manager: primocane-demo, operation: Update, fieldsV1: {'f:data': {'f:c': {}}}}, "
      "{manager: primocane, operation: Apply, fieldsV1: {'f:data': {'f:a': {}}}}, "
      "{manager: primocane, operation: Apply, subresource: status, fieldsV1: {'f:status': {}}}]");
  CHECK(handed_over(object, {.from = ours, .to = "kustomize-controller"}) ==
        Lines{R"(primocane-demo Update {"f:data":{"f:c":{}}})",
              R"(primocane Apply {"f:status":{}})",
              R"(kustomize-controller Apply {"f:data":{"f:a":{}}})"});
}

TEST_CASE("the patch puts the new list in place of the old one") {
  CHECK(managed_fields_patch({yaml_value("{manager: primocane}")}) ==
        R"([{"op":"replace","path":"/metadata/managedFields","value":[{"manager":"primocane"}]}])");
}

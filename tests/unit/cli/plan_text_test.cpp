// SPDX-License-Identifier: Apache-2.0
// What `primocane plan` prints, and how it ends.
#include "cli/plan_text.hpp"

#include "document/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {

namespace {

ResourceId config_map(std::string name) { return {"", "ConfigMap", "home", std::move(name)}; }

JsonPointer pointer(std::string_view text) { return JsonPointer::parse(text).value(); }

PreviewedChange changed() {
  return {.id = config_map("dns"),
          .action = Action::change,
          .reason = "Git desires something else",
          .kustomization = {"flux-system", "apps"},
          .fields = {{pointer("/data/upstream"), Value("1.1.1.1"), Value("9.9.9.9")},
                     {pointer("/data/new"), std::nullopt, Value("x\ny")},
                     {pointer("/data/old"), Value(true), std::nullopt}},
          .error = {}};
}

PreviewedChange created() {
  return {.id = config_map("web"),
          .action = Action::create,
          .reason = "new in Git",
          .kustomization = {"flux-system", "apps"},
          .fields = {},
          .error = {}};
}

PreviewedChange removed() {
  return {.id = config_map("old"),
          .action = Action::remove,
          .reason = "left Git",
          .kustomization = {"flux-system", "apps"},
          .fields = {},
          .error = {}};
}

}  // namespace

TEST_CASE("a plan lists its objects with the fields that would change, and counts them") {
  Preview preview;
  preview.changes = {created(), changed(), removed()};
  preview.unchanged = 38;
  CHECK(describe_preview(preview) ==
        "+ ConfigMap/home/web: create (new in Git)\n"
        "~ ConfigMap/home/dns: change (Git desires something else)\n"
        "    ~ /data/upstream: \"1.1.1.1\" → \"9.9.9.9\"\n"
        "    + /data/new: \"x\\ny\"\n"
        "    - /data/old: true\n"
        "- ConfigMap/home/old: remove (left Git)\n"
        "\n"
        "1 to create, 1 to change, 1 to delete, 0 refused, 38 unchanged\n");
  CHECK(exit_code_of(preview) == ExitCode::changes);
}

TEST_CASE("a key or a message of somebody else's neither steers a terminal nor adds a line") {
  Preview preview;
  preview.changes = {changed()};
  preview.changes.front().fields = {
      {pointer("/data").child("a\x1b]0;b\n+ c"), std::nullopt, Value("x")}};
  preview.changes.front().error = Error{ErrorKind::invalid, "no\x1b[2J\nnever"};
  CHECK(describe_preview(preview) ==
        "! ConfigMap/home/dns: change (Git desires something else)\n"
        "    refused: no?[2J never\n"
        "    + /data/a?]0;b + c: \"x\"\n"
        "\n"
        "0 to create, 0 to change, 0 to delete, 1 refused, 0 unchanged\n");
}

TEST_CASE("a plan without changes is one line and ends with success") {
  Preview preview;
  preview.unchanged = 3;
  CHECK(describe_preview(preview) ==
        "0 to create, 0 to change, 0 to delete, 0 refused, 3 unchanged\n");
  CHECK(exit_code_of(preview) == ExitCode::done);
}

TEST_CASE("a plan in which an object would be refused fails") {
  Preview by_server;
  by_server.changes = {created()};
  by_server.changes.front().error = Error{ErrorKind::invalid, "spec.replicas: must be a number"};
  CHECK(exit_code_of(by_server) == ExitCode::failed);
  CHECK(describe_preview(by_server).starts_with(
      "! ConfigMap/home/web: create (new in Git)\n    refused: spec.replicas: must be a number\n"));
  Preview by_us;
  by_us.refusals = {{config_map("x"), {ErrorKind::conflict, "belongs to Helm"}}};
  CHECK(exit_code_of(by_us) == ExitCode::failed);
  CHECK(describe_preview(by_us).starts_with("! ConfigMap/home/x: refused: belongs to Helm\n"));
}

TEST_CASE("a Kustomization that can't be followed stands first in a plan, which fails") {
  Preview preview;
  preview.problems = {{"Kustomization/flux-system/apps", "path \"apps\" is no folder"}};
  preview.changes = {created()};
  CHECK(describe_preview(preview).starts_with(
      "! Kustomization/flux-system/apps: path \"apps\" is no folder\n+ ConfigMap/home/web"));
  CHECK(exit_code_of(preview) == ExitCode::failed);
}

TEST_CASE("a plan whose deletions wait for a confirmation says how to give it") {
  Preview preview;
  preview.prune.refusal = PruneRefusal{
      .removals = {config_map("a")}, .hash = "abc123", .reason = "more than 20 deletions"};
  const std::string text = describe_preview(preview);
  CHECK(text.find("primocane reconcile --confirm-prune abc123") != std::string::npos);
  CHECK(text.find("ConfigMap/home/a") != std::string::npos);
  CHECK(exit_code_of(preview) == ExitCode::changes);
}

TEST_CASE("what is kept or an orphan is told but is no change") {
  Preview preview;
  preview.prune.kept = {{config_map("a"), {"x", "y"}, "prune is disabled"}};
  preview.prune.orphans = {config_map("b")};
  const std::string text = describe_preview(preview);
  CHECK(text.find("= ConfigMap/home/a: left Git and is kept: prune is disabled\n") !=
        std::string::npos);
  CHECK(text.find("? ConfigMap/home/b") != std::string::npos);
  CHECK(exit_code_of(preview) == ExitCode::done);
}

TEST_CASE("a plan for programs holds what confirms the deletion of what is kept") {
  Preview preview;
  preview.prune.kept = {{config_map("a"), {"x", "y"}, "may hold data", true}};
  preview.prune.confirmation = "abc123";
  const Value value = write_preview(preview);
  CHECK(value.text_at("confirmPrune") == "abc123");
  CHECK(value.find("pruneRefusal") == nullptr);
}

TEST_CASE("a plan for programs holds what confirms exactly the refused deletions, and what all") {
  Preview preview;
  preview.prune.refusal =
      PruneRefusal{.removals = {config_map("a")}, .hash = "refused", .reason = "too many"};
  CHECK(write_preview(preview).find("confirmPrune") == nullptr);
  preview.prune.confirmation = "all";
  CHECK(write_preview(preview).text_at("pruneRefusal", "confirmPrune") == "refused");
  CHECK(write_preview(preview).text_at("confirmPrune") == "all");
}

TEST_CASE("a long value is cut between characters, and its length told") {
  Preview preview;
  preview.changes = {changed()};
  std::string umlauts;
  for (int i = 0; i < 1000; ++i) umlauts += "ä";
  preview.changes.front().fields = {{pointer("/data/x"), std::nullopt, Value(umlauts)}};
  const std::string text = describe_preview(preview);
  CHECK(text.size() < 600);
  CHECK(text.find("ä… (2002 bytes)\n") != std::string::npos);
}

TEST_CASE("a plan for programs holds the same") {
  Preview preview;
  preview.changes = {changed()};
  preview.unchanged = 1;
  CHECK(write_json(write_preview(preview)) ==
        R"({"changes":[{"object":"ConfigMap/home/dns","action":"change",)"
        R"("reason":"Git desires something else","kustomization":"flux-system/apps","fields":[)"
        R"({"path":"/data/upstream","before":"1.1.1.1","after":"9.9.9.9"},)"
        R"({"path":"/data/new","after":"x\ny"},{"path":"/data/old","before":true}]}],)"
        R"("refusals":[],"problems":[],"kept":[],"orphans":[],"unchanged":1})");
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Kustomizations that wait for sources, by spec.wait or spec.healthChecks.
#include "reconcile/health_checks.hpp"
#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {
namespace {

// Sources that all hold the same as long as they can be reached.
class ReachableSources final : public SourceOpener {
 public:
  class Open final : public OpenSource {
   public:
    explicit Open(const ReachableSources* sources) : sources_(*sources) {}

    std::optional<SourceContent> on_disk() override { return std::nullopt; }
    Task<Result<SourceContent>> update(std::vector<SourceContent> /*included*/) override {
      if (sources_.failure) co_return std::unexpected(*sources_.failure);
      SourceContent content;
      content.revision = "main@sha1:1";
      co_return content;
    }

   private:
    const ReachableSources& sources_;
  };

  Task<Result<std::unique_ptr<OpenSource>>> open(Resource object, Cluster& /*cluster*/) override {
    asked.push_back(std::move(object.id.name));
    std::unique_ptr<OpenSource> open = std::make_unique<Open>(this);
    co_return open;
  }
  void keep_only(const std::set<ResourceId>& /*sources*/) override {}

  std::optional<Error> failure;
  std::vector<std::string> asked;
};

std::string source_yaml(std::string_view kind, std::string_view name) {
  return fmt::format(
      "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: {}\nmetadata:\n  name: {}\n"
      "  namespace: flux-system\nspec:\n  interval: 10m\n  url: https://example.org/{}\n",
      kind, name, name);
}

std::string checking_yaml(std::string_view kind, std::string_view name) {
  return kustomization_yaml(
      "apps", fmt::format("  healthChecks:\n    - {{apiVersion: source.toolkit.fluxcd.io/v1, kind: "
                          "{}, name: {}, namespace: flux-system}}\n",
                          kind, name));
}

// A world with the Kustomization "apps".
struct SourceWorld {
  ReadyState commit(std::string_view root, std::string_view apps) {
    world.commit('1', root);
    world.folder('1', "apps", apps);
    return pass();
  }
  ReadyState pass() { return world.pass().kustomizations.back().readiness; }

  ReachableSources opener;
  PassWorld world{&opener};
};

TEST_CASE("what waits asks for a source that it contains, and is ready once that was fetched") {
  SourceWorld sources;
  sources.opener.failure = Error{ErrorKind::unavailable, "no way there"};
  const ReadyState waiting = sources.commit(kustomization_yaml("apps", "  wait: true\n"),
                                            source_yaml("GitRepository", "other"));
  CHECK(waiting.ready == Ready::unknown);
  CHECK(waiting.message.contains("GitRepository/flux-system/other: InProgress: no way there"));
  CHECK(sources.opener.asked == std::vector<std::string>{"other"});
  sources.opener.failure.reset();
  sources.world.loop.run_for(std::chrono::seconds(30));
  CHECK(sources.pass().ready == Ready::yes);
}

TEST_CASE("what waits for a source is ready while that can't be reached for a while") {
  SourceWorld sources;
  const std::string root = kustomization_yaml("apps", "  wait: true\n");
  CHECK(sources.commit(root, source_yaml("GitRepository", "other")).ready == Ready::yes);
  sources.opener.failure = Error{ErrorKind::unavailable, "no way there"};
  sources.world.loop.run_for(std::chrono::minutes(11));
  CHECK(sources.pass().ready == Ready::yes);
  sources.opener.failure = Error{ErrorKind::invalid, "there is no such branch"};
  sources.world.loop.run_for(std::chrono::minutes(11));
  CHECK(sources.pass().message.contains("there is no such branch"));
}

TEST_CASE("what waits for a source that is never reached fails when its time is over") {
  SourceWorld sources;
  sources.opener.failure = Error{ErrorKind::unavailable, "no way there"};
  const std::string root = kustomization_yaml("apps", "  wait: true\n  timeout: 2m\n");
  CHECK(sources.commit(root, source_yaml("GitRepository", "other")).ready == Ready::unknown);
  sources.world.loop.run_for(std::chrono::minutes(2));
  CHECK(sources.pass().ready == Ready::no);
}

TEST_CASE("what waits for a source that can't be served fails at once") {
  SourceWorld sources;
  sources.opener.failure = Error{ErrorKind::invalid, "spec.url is wrong"};
  const ReadyState failed = sources.commit(kustomization_yaml("apps", "  wait: true\n"),
                                           source_yaml("GitRepository", "other"));
  CHECK(failed.ready == Ready::no);
  CHECK(failed.message.contains("spec.url is wrong"));
}

TEST_CASE("a source that a health check names must be there") {
  for (const std::string_view kind :
       {"GitRepository", "OCIRepository", "HelmRepository", "HelmChart"}) {
    CAPTURE(kind);
    SourceWorld sources;
    const ReadyState missing = sources.commit(checking_yaml(kind, "other"), config_map_yaml("a"));
    CHECK(missing.ready == Ready::unknown);
    CHECK(missing.message.contains("NotFound"));
    SourceWorld there;
    const std::string root = source_yaml(kind, "other") + checking_yaml(kind, "other");
    CHECK(there.commit(root, config_map_yaml("a")).ready == Ready::yes);
  }
}

TEST_CASE("nobody waits for sources of kinds that are not served, nor asks for those of charts") {
  SourceWorld sources;
  CHECK(sources.commit(checking_yaml("Bucket", "other"), config_map_yaml("a")).ready == Ready::yes);
  SourceWorld charts;
  CHECK(charts
            .commit(kustomization_yaml("apps", "  wait: true\n"),
                    source_yaml("OCIRepository", "chart") + source_yaml("HelmRepository", "charts"))
            .ready == Ready::yes);
  CHECK(charts.opener.asked.empty());
}

}  // namespace
}  // namespace primocane

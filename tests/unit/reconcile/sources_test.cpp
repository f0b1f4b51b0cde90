// SPDX-License-Identifier: Apache-2.0
// When declared sources are asked, and what is in force while they can't be.
#include "reconcile/sources.hpp"

#include "support/fake_cluster.hpp"
#include "support/fake_repository.hpp"
#include "support/test_loop.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

const SourceReference other{"GitRepository", "flux-system", "other"};

// What the one source has on disk, and what it answers.
struct FakeSource {
  std::string on_disk;  // a revision, or ""
  std::string remote;   // a revision, or "" while it can't be had:
  ErrorKind why = ErrorKind::unavailable;
  bool is_served = true;  // the spec
  int times_asked = 0;
};

class OpenFakeSource final : public OpenSource {
 public:
  explicit OpenFakeSource(FakeSource* source) : source_(*source) {}

  std::optional<SourceContent> on_disk() override {
    if (source_.on_disk.empty()) return std::nullopt;
    return content();
  }
  Task<Result<SourceContent>> update(std::vector<SourceContent> /*included*/) override {
    ++source_.times_asked;
    if (source_.remote.empty()) co_return fail(source_.why, "no way there");
    source_.on_disk = source_.remote;
    co_return content();
  }

 private:
  SourceContent content() const {
    SourceContent content;
    content.revision = source_.on_disk;
    return content;
  }

  FakeSource& source_;
};

class FakeOpener final : public SourceOpener {
 public:
  Task<Result<std::unique_ptr<OpenSource>>> open(Resource /*object*/,
                                                 Cluster& /*cluster*/) override {
    if (!source.is_served) co_return fail(ErrorKind::invalid, "spec.verify is not served");
    std::unique_ptr<OpenSource> open = std::make_unique<OpenFakeSource>(&source);
    co_return open;
  }
  void keep_only(const std::set<ResourceId>& /*sources*/) override {}

  FakeSource source;
};

struct SourcesWorld {
  void declare(std::string_view more = {}) {
    Resource object = yaml_resource(
        fmt::format("apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n"
                    "  name: other\n  namespace: flux-system\nspec:\n  interval: 10m\n"
                    "  url: https://git.example.org/other\n{}",
                    more));
    const ResourceId id = object.id;
    std::map<ResourceId, Resource> objects;
    objects.emplace(id, std::move(object));
    sources.declare(std::move(objects), {.url = "https://git.example.org/home", .branch = "main"});
  }
  /// The revision after an update, or why there is none.
  std::string update(bool is_asking = false) {
    const Job job = Job::start(sources.update(other, cluster, is_asking), [] {});
    loop.run_until_idle();
    const Result<SourceContent> content = sources.find(other);
    return content ? content->revision : content.error().message;
  }

  TestLoop loop;
  FakeCluster cluster{loop};
  FakeRepository repository;
  FakeOpener opener;
  Sources sources{repository, &opener, loop.clock()};
};

TEST_CASE("a source is asked at its interval, and when a person asks") {
  SourcesWorld world;
  world.declare();
  world.opener.source.remote = "main@sha1:1";
  CHECK(world.update() == "main@sha1:1");
  world.opener.source.remote = "main@sha1:2";
  world.declare();
  CHECK(world.update() == "main@sha1:1");
  CHECK(world.update(true) == "main@sha1:2");
  world.loop.run_for(std::chrono::minutes(10));
  world.opener.source.remote = "main@sha1:3";
  CHECK(world.update() == "main@sha1:3");
}

TEST_CASE("what is on disk is in force after a restart while a source can't be reached") {
  SourcesWorld world;
  world.declare();
  world.opener.source.on_disk = "main@sha1:1";
  CHECK(world.update() == "main@sha1:1");
  REQUIRE(world.sources.failures().size() == 1);
  CHECK(world.sources.failures().front().second.kind == ErrorKind::unavailable);
  CHECK(world.sources.next_due(world.loop.clock().now()) ==
        world.loop.clock().now() + std::chrono::seconds(30));
}

TEST_CASE("a branch that disappears leaves what was fetched, and is told") {
  SourcesWorld world;
  world.declare();
  world.opener.source.remote = "main@sha1:1";
  CHECK(world.update() == "main@sha1:1");
  world.opener.source.remote.clear();
  world.opener.source.why = ErrorKind::invalid;
  CHECK(world.update(true) == "main@sha1:1");
  REQUIRE(world.sources.failures().size() == 1);
  CHECK(world.sources.failures().front().second.kind == ErrorKind::invalid);
  world.opener.source.remote = "main@sha1:2";
  CHECK(world.update(true) == "main@sha1:2");
  CHECK(world.sources.failures().empty());
}

TEST_CASE("a declaration that changed leaves what was fetched until its own was, and is told") {
  SourcesWorld world;
  world.declare();
  world.opener.source.remote = "main@sha1:1";
  CHECK(world.update() == "main@sha1:1");
  world.opener.source.on_disk.clear();
  world.opener.source.remote.clear();
  world.declare("  ref: {branch: gone}\n");
  CHECK(world.update() == "main@sha1:1");
  REQUIRE(world.sources.failures().size() == 1);
  CHECK(world.sources.failures().front().second.message == "no way there");
  world.opener.source.remote = "gone@sha1:2";
  CHECK(world.update(true) == "gone@sha1:2");
  CHECK(world.sources.failures().empty());
}

TEST_CASE("a branch that was never there leaves nothing") {
  SourcesWorld world;
  world.declare();
  world.opener.source.why = ErrorKind::invalid;
  CHECK(world.update().contains("no way there"));
  CHECK(world.sources.failures().empty());
}

TEST_CASE("a spec that can't be served leaves nothing of what was fetched") {
  SourcesWorld world;
  world.declare();
  world.opener.source.remote = "main@sha1:1";
  CHECK(world.update() == "main@sha1:1");
  world.opener.source.is_served = false;
  CHECK(world.update(true).contains("not served"));
}

TEST_CASE("a suspended source stays where it is, also after a restart") {
  SourcesWorld world;
  world.declare("  suspend: true\n");
  world.opener.source.remote = "main@sha1:2";
  CHECK(world.update().contains("suspended"));
  world.opener.source.on_disk = "main@sha1:1";
  world.sources.declare({}, {});
  world.declare("  suspend: true\n");
  CHECK(world.update() == "main@sha1:1");
  CHECK(world.update(true) == "main@sha1:1");
  CHECK(world.opener.source.times_asked == 0);
  CHECK_FALSE(world.sources.next_due(world.loop.clock().now()).has_value());
  world.declare();
  CHECK(world.update() == "main@sha1:2");
}

TEST_CASE("a source that is waited for is as healthy as what was fetched of it last") {
  SourcesWorld world;
  const ResourceId id{"source.toolkit.fluxcd.io", "GitRepository", "flux-system", "other"};
  const auto status = [&] { return world.sources.health_of(id).status; };
  CHECK(status() == HealthStatus::not_found);
  world.declare();
  CHECK(status() == HealthStatus::in_progress);
  world.update();
  CHECK(world.sources.health_of(id) == Health{HealthStatus::in_progress, "no way there"});
  world.opener.source.remote = "main@sha1:1";
  world.update(true);
  CHECK(status() == HealthStatus::current);
  world.opener.source.remote.clear();
  world.update(true);
  CHECK(status() == HealthStatus::current);
  world.opener.source.why = ErrorKind::invalid;
  world.update(true);
  CHECK(status() == HealthStatus::failed);
  world.declare("  suspend: true\n");
  CHECK(status() == HealthStatus::current);
  const ResourceId home{"source.toolkit.fluxcd.io", "GitRepository", "flux-system", "flux-system"};
  CHECK(world.sources.health_of(home).status == HealthStatus::current);
}

// Sources by name: what each holds remotely, and what was asked, with what it was given.
class NamedSources final : public SourceOpener {
 public:
  class Open final : public OpenSource {
   public:
    Open(NamedSources* sources, std::string name) : sources_(*sources), name_(std::move(name)) {}

    std::optional<SourceContent> on_disk() override { return std::nullopt; }
    Task<Result<SourceContent>> update(std::vector<SourceContent> included) override {
      std::string asked = name_;
      for (const SourceContent& one : included) asked += " " + one.revision;
      sources_.asked.push_back(asked);
      const auto revision = sources_.remote.find(name_);
      if (revision == sources_.remote.end()) co_return fail(ErrorKind::unavailable, "no way there");
      SourceContent content;
      content.revision = revision->second;
      co_return content;
    }

   private:
    NamedSources& sources_;
    std::string name_;
  };

  Task<Result<std::unique_ptr<OpenSource>>> open(Resource object, Cluster& /*cluster*/) override {
    std::unique_ptr<OpenSource> open = std::make_unique<Open>(this, object.id.name);
    co_return open;
  }
  void keep_only(const std::set<ResourceId>& /*sources*/) override {}

  std::map<std::string, std::string> remote;
  std::vector<std::string> asked;
};

struct InclusionWorld {
  /// Declares GitRepositories, each with the name of what it includes or "".
  void declare(const std::map<std::string, std::string>& includes) {
    std::map<ResourceId, Resource> objects;
    for (const auto& [name, included] : includes) {
      Resource object = yaml_resource(fmt::format(
          "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: {}\n"
          "  namespace: flux-system\nspec:\n  interval: 10m\n"
          "  url: https://git.example.org/{}\n{}",
          name, name,
          included.empty() ? ""
                           : fmt::format("  include: [{{repository: {{name: {}}}}}]\n", included)));
      const ResourceId id = object.id;
      objects.emplace(id, std::move(object));
    }
    sources.declare(std::move(objects), {.url = "https://git.example.org/home", .branch = "main"});
  }
  /// What was asked by an update of `name`, and its revision or why there is none.
  std::string update(const std::string& name, bool is_asking = false) {
    opener.asked.clear();
    const SourceReference reference{"GitRepository", "flux-system", name};
    const Job job = Job::start(sources.update(reference, cluster, is_asking), [] {});
    loop.run_until_idle();
    const Result<SourceContent> content = sources.find(reference);
    return fmt::format("{}: {}", fmt::join(opener.asked, ", "),
                       content ? content->revision : content.error().message);
  }
  std::string failure() const {
    const auto failures = sources.failures();
    return failures.empty() ? "" : failures.front().second.message;
  }

  TestLoop loop;
  FakeCluster cluster{loop};
  FakeRepository repository;
  NamedSources opener;
  Sources sources{repository, &opener, loop.clock()};
};

TEST_CASE("what is included is asked first, though no Kustomization names it") {
  InclusionWorld world;
  world.declare({{"a", "b"}, {"b", "c"}, {"c", ""}});
  world.opener.remote = {{"a", "a1"}, {"b", "b1"}, {"c", "c1"}};
  CHECK(world.update("a") == "c, b c1, a b1: a1");
  CHECK(world.update("a") == ": a1");
  CHECK(world.update("b") == ": b1");
}

TEST_CASE("a source is composed anew as soon as what it includes has changed") {
  InclusionWorld world;
  world.declare({{"a", "b"}, {"b", ""}});
  world.opener.remote = {{"a", "a1"}, {"b", "b1"}};
  CHECK(world.update("a") == "b, a b1: a1");
  world.opener.remote["b"] = "b2";
  CHECK(world.update("b", true) == "b: b2");
  CHECK(world.update("a") == "a b2: a1");
}

TEST_CASE("a source whose inclusion is missing or has nothing yet says so, and keeps what it has") {
  InclusionWorld world;
  world.declare({{"a", "b"}});
  world.opener.remote = {{"a", "a1"}};
  CHECK(world.update("a") ==
        ": GitRepository/flux-system/a: spec.include: "
        "GitRepository/flux-system/b is not in Git");
  world.declare({{"a", "b"}, {"b", ""}});
  CHECK(world.update("a").contains("nothing is there of GitRepository/flux-system/b: no way"));
  world.opener.remote["b"] = "b1";
  CHECK(world.update("a", true) == "b, a b1: a1");
  world.declare({{"a", "b"}});
  CHECK(world.update("a") == ": a1");
  CHECK(world.failure().contains("GitRepository/flux-system/b is not in Git"));
}

TEST_CASE("sources that include each other in a circle say so, and nothing is asked of them") {
  InclusionWorld world;
  world.declare({{"a", "b"}, {"b", "a"}, {"c", "a"}});
  world.opener.remote = {{"a", "a1"}, {"b", "b1"}, {"c", "c1"}};
  CHECK(world.update("a").contains("in a circle: GitRepository/flux-system/a"));
  CHECK(world.update("c").contains("nothing is there of GitRepository/flux-system/a"));
  world.declare({{"a", "b"}, {"b", ""}, {"c", "a"}});
  CHECK(world.update("c") == "b, a b1, c a1: c1");
}

TEST_CASE("the configured repository can be included") {
  InclusionWorld world;
  world.declare({{"a", "flux-system"}});
  world.opener.remote = {{"a", "a1"}};
  CHECK(world.update("a").contains("was not fetched yet"));
  world.repository.push('1');
  const Revision revision =
      run_until_done(world.loop, world.repository.resolve(std::string(40, '1'))).value();
  world.sources.set_configured(revision);
  CHECK(world.update("a") == "a " + to_string(revision) + ": a1");
}

TEST_CASE("two GitRepositories of the configured repository leave out what each says") {
  const auto home = [](std::string_view name, std::string_view ignore) {
    return yaml_resource(fmt::format(
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: {}\n"
        "  namespace: flux-system\nspec:\n  interval: 10m\n  url: https://git.example.org/home\n"
        "  ref: {{branch: main}}\n  ignore: {}\n",
        name, ignore));
  };
  TestLoop loop;
  FakeRepository repository;
  Sources sources(repository, nullptr, loop.clock());
  repository.push('1');
  sources.set_configured(run_until_done(loop, repository.resolve(std::string(40, '1'))).value());
  const Resource apps = home("apps", "/clusters");
  const Resource root = home("flux-system", "/docs");
  sources.set_configured_object({.id = root.id, .shape = {.sparse = {}, .ignore = "/docs"}});
  std::map<ResourceId, Resource> objects;
  objects.emplace(apps.id, apps);
  objects.emplace(root.id, root);
  sources.declare(std::move(objects), {.url = "https://git.example.org/home", .branch = "main"});
  const auto ignored = [&sources](std::string_view kind, std::string_view name) {
    const SourceReference reference{std::string(kind), kind.empty() ? "" : "flux-system",
                                    std::string(name)};
    return sources.find(reference).value().shape.value().ignore;
  };
  CHECK(ignored("GitRepository", "apps") == "/clusters");
  CHECK(ignored("GitRepository", "flux-system") == "/docs");
  CHECK(ignored("", "") == "/docs");
}

}  // namespace
}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The contract of ClusterWatch: what every implementation tells of what happens.
#include "contract/cluster_world.hpp"
#include "document/json.hpp"
#include "resource/well_known.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fmt/format.h>

#include <optional>

using namespace primocane;

namespace {

std::unique_ptr<ClusterWorld> each_watched_world() {
  return make_world(GENERATE(from_range(cluster_worlds())));
}

constexpr std::string_view set_id = "applyset-watch-v1";

Value labelled_map(const ClusterWorld& world, std::string_view name, std::string_view value) {
  return yaml_value(fmt::format(R"(
apiVersion: v1
kind: ConfigMap
metadata: {{name: {}, namespace: {}, labels: {{{}: {}}}}}
data: {{k: {}}}
)",
                                name, world.space(), applyset_part_of_label, set_id, value));
}

// A watch of the labelled ConfigMaps of the world's namespace, and what it has told.
class Watched {
 public:
  explicit Watched(ClusterWorld& world, std::string since = {}, std::string name = {})
      : world_(world) {
    WatchQuery query{.group_kind = {"", "ConfigMap"},
                     .namespace_name = world.space(),
                     .label_selector = std::string(applyset_part_of_label),
                     .name = std::move(name),
                     .resource_version = std::move(since)};
    job_ = Job::start<Result<WatchEnd>>(
        world.cluster().watch(std::move(query),
                              [this](WatchEvent event) -> Result<void> {
                                take(event);
                                return {};
                              }),
        [this](Result<WatchEnd> end) { end_ = std::move(end); });
  }

  // "present web", "gone web", "complete", "begun", in the order in which they came; no bookmarks.
  std::vector<std::string> told;
  std::string version;
  [[nodiscard]] const std::optional<Result<WatchEnd>>& end() const { return end_; }

  [[nodiscard]] bool hears(std::vector<std::string> expected) {
    return world_.becomes_true([&] { return told == expected; });
  }

 private:
  void take(const WatchEvent& event) {
    if (!event.resource_version.empty()) version = event.resource_version;
    const std::string name(event.object.text_at("metadata", "name"));
    switch (event.kind) {
      case WatchEvent::Kind::begun:
        told.emplace_back("begun");
        return;
      case WatchEvent::Kind::complete:
        told.emplace_back("complete");
        return;
      case WatchEvent::Kind::present:
        CHECK(read_live_object(event.object, {"", "ConfigMap"}));
        told.push_back("present " + name);
        return;
      case WatchEvent::Kind::gone:
        told.push_back("gone " + name);
        return;
      case WatchEvent::Kind::bookmark:
        return;
    }
  }

  ClusterWorld& world_;
  Job job_;
  std::optional<Result<WatchEnd>> end_;
};

}  // namespace

TEST_CASE("a watch tells what is there, and then what happens") {
  const auto world = each_watched_world();
  REQUIRE(world->apply(labelled_map(*world, "web", "a")));
  REQUIRE(world->apply(yaml_value(
      fmt::format("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: plain, namespace: {}}}}}",
                  world->space()))));
  Watched watched(*world);
  REQUIRE(watched.hears({"present web", "complete"}));
  REQUIRE(world->apply(labelled_map(*world, "db", "a")));
  REQUIRE(world->apply(labelled_map(*world, "web", "b")));
  REQUIRE(watched.hears({"present web", "complete", "present db", "present web"}));
  world->delete_object({"", "ConfigMap", world->space(), "db"});
  REQUIRE(watched.hears({"present web", "complete", "present db", "present web", "gone db"}));
}

TEST_CASE("a watch of one name tells of no others") {
  const auto world = each_watched_world();
  REQUIRE(world->apply(labelled_map(*world, "web", "a")));
  REQUIRE(world->apply(labelled_map(*world, "other", "a")));
  Watched watched(*world, {}, "web");
  REQUIRE(watched.hears({"present web", "complete"}));
  REQUIRE(world->apply(labelled_map(*world, "other", "b")));
  REQUIRE(world->apply(labelled_map(*world, "web", "b")));
  world->delete_object({"", "ConfigMap", world->space(), "other"});
  world->delete_object({"", "ConfigMap", world->space(), "web"});
  REQUIRE(watched.hears({"present web", "complete", "present web", "gone web"}));
}

TEST_CASE("an object that loses the label is gone for the watch") {
  const auto world = each_watched_world();
  REQUIRE(world->apply(labelled_map(*world, "web", "a")));
  Watched watched(*world);
  REQUIRE(watched.hears({"present web", "complete"}));
  world->edit({"", "ConfigMap", world->space(), "web"}, "kubectl-label",
              Object{{"metadata",
                      Object{{"labels", Object{{std::string(applyset_part_of_label), Value()}}}}}});
  REQUIRE(watched.hears({"present web", "complete", "gone web"}));
}

TEST_CASE("a watch goes on where another one was") {
  const auto world = each_watched_world();
  REQUIRE(world->apply(labelled_map(*world, "web", "a")));
  std::string version;
  {
    Watched first(*world);
    REQUIRE(first.hears({"present web", "complete"}));
    version = first.version;
  }
  REQUIRE(world->apply(labelled_map(*world, "web", "b")));
  world->delete_object({"", "ConfigMap", world->space(), "web"});
  Watched second(*world, version);
  REQUIRE(second.hears({"begun", "present web", "gone web"}));
}

TEST_CASE("a watch of a kind that is not served ends at once") {
  const auto world = each_watched_world();
  WatchQuery query{.group_kind = {"example.org", "Nothing"},
                   .namespace_name = {},
                   .label_selector = {},
                   .resource_version = {}};
  const Result<WatchEnd> end = run_until_done(
      world->loop(), world->cluster().watch(std::move(query), [](WatchEvent) -> Result<void> {
        return fail(ErrorKind::invalid, "told something");
      }));
  REQUIRE(end == WatchEnd::not_served);
}

TEST_CASE("whoever takes the events may end the watch") {
  const auto world = each_watched_world();
  REQUIRE(world->apply(labelled_map(*world, "web", "a")));
  WatchQuery query{.group_kind = {"", "ConfigMap"},
                   .namespace_name = world->space(),
                   .label_selector = std::string(applyset_part_of_label),
                   .resource_version = {}};
  const Result<WatchEnd> end = run_until_done(
      world->loop(), world->cluster().watch(std::move(query), [](WatchEvent) -> Result<void> {
        return fail(ErrorKind::invalid, "enough");
      }));
  REQUIRE_FALSE(end);
  REQUIRE(end.error().message.find("enough") != std::string::npos);
}

// SPDX-License-Identifier: Apache-2.0
// Specification of how an OCIRepository is followed, with real children.
#include "source/oci_source.hpp"

#include "base/growing_file.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "memory_registry.hpp"
#include "source/bundle_tree.hpp"
#include "support/temporary_folder.hpp"
#include "tar_builder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

using namespace primocane;

namespace {

struct OciWorld {
  OciWorld() { settings.folder = folder / "artifact"; }

  std::unique_ptr<OciSource> source() {
    return std::make_unique<OciSource>(settings, *loop, children);
  }
  Result<OciArtifact> update(OciSource& of) { return run_until_done(*loop, of.update()); }
  std::string refusal() {
    const auto of = source();
    const Result<OciArtifact> artifact = update(*of);
    if (artifact) return "taken";
    const std::string prefix = settings.url.str() + ": ";
    CHECK(artifact.error().message.starts_with(prefix));
    return std::string(to_string(artifact.error().kind)) + ": " +
           artifact.error().message.substr(prefix.size());
  }
  std::string push(const std::string& tag, const std::string& content) {
    return registry.push(tag, layer_of(tar_entry("app/a.yaml", content)));
  }
  // What the artifact's file holds.
  static std::string content(const OciSource& of, const OciArtifact& artifact) {
    const auto tree = open_bundle_tree(of.open(artifact).value(), [] { std::abort(); }).value();
    return tree->read(RelativePath::parse("app/a.yaml").value(), ByteCount(1000)).value();
  }
  std::size_t files() const {
    std::filesystem::directory_iterator entries(settings.folder);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }

  TemporaryFolder folder;
  SystemClock clock;
  std::unique_ptr<EpollLoop> loop = EpollLoop::make(clock).value();
  Children children{*loop, {.boxing = Boxing::best_effort, .box_user = {}}};
  MemoryRegistry registry{*loop};
  OciSourceSettings settings{.url = registry.url(),
                             .reference = {},
                             .layer = {},
                             .access = {},
                             .limits = {},
                             .folder = {}};
};

}  // namespace

TEST_CASE("an artifact is fetched once, and anew when its tag has moved", "[native]") {
  OciWorld world;
  const std::string first = world.push("latest", "a: 1\n");
  const auto source = world.source();
  CHECK(!source->on_disk());
  const auto artifact = world.update(*source);
  REQUIRE(artifact);
  CHECK(to_string(artifact->revision) == "latest@" + first);
  CHECK(artifact->origin_revision() == "main@sha1:abc");
  CHECK(OciWorld::content(*source, *artifact) == "a: 1\n");
  CHECK(source->on_disk() == *artifact);
  const std::size_t requests = world.registry.requests.size();
  CHECK(world.update(*source) == artifact);
  CHECK(world.registry.requests.size() == requests + 1);

  world.push("latest", "a: 2\n");
  const auto newer = world.update(*source);
  CHECK(OciWorld::content(*source, *newer) == "a: 2\n");
  CHECK(world.files() == 2);  // the bundle and what names it
}

TEST_CASE("an artifact on disk is there for the next agent", "[native]") {
  OciWorld world;
  world.push("latest", "a: 1\n");
  const auto artifact = world.update(*world.source());
  const std::size_t requests = world.registry.requests.size();
  const auto next = world.source();
  CHECK(next->on_disk() == *artifact);
  CHECK(world.update(*next) == artifact);
  CHECK(world.registry.requests.size() == requests + 1);
  SECTION("but not for another repository or another layer") {
    world.settings.layer.media_type = "other";
    CHECK(!world.source()->on_disk());
  }
  SECTION("but not when its bundle is damaged") {
    {
      std::fstream file(artifact->path, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(-1, std::ios::end);
      file.put('!');
    }
    next->forget_damaged();
    CHECK(!next->on_disk());
    CHECK(world.update(*next) == artifact);
  }
  SECTION("and under another tag of the same digest") {
    world.push("stable", "a: 1\n");
    world.settings.reference.tag = "stable";
    const auto renamed = world.update(*world.source());
    CHECK(renamed->revision.tag == "stable");
    CHECK(renamed->path == artifact->path);
  }
}

TEST_CASE("a digest is followed before a range, and a range before a tag", "[native]") {
  OciWorld world;
  const std::string old = world.push("1.0.0", "a: 1\n");
  const std::string newer = world.push("1.1.0", "a: 2\n");
  world.push("latest", "a: 3\n");
  world.registry.tags = {"latest", "1.0.0", "1.1.0"};
  world.settings.reference = {.tag = "latest", .semver = "1.x"};
  const auto by_range = run_until_done(*world.loop, world.source()->resolve());
  CHECK(to_string(*by_range) == "1.1.0@" + newer);
  world.settings.reference.digest = old;
  const auto by_digest = world.update(*world.source());
  CHECK(to_string(by_digest->revision) == old);
  world.settings.reference = {.digest = "sha256:1"};
  CHECK(world.refusal().starts_with("invalid: spec.ref.digest: "));
  world.settings.reference = {.tag = "a/b"};
  CHECK(world.refusal() == "invalid: spec.ref.tag is no name of a tag");
  world.settings.reference = {.semver = "9.x"};
  CHECK(world.refusal() == "invalid: none of its 3 versions is in the range \"9.x\"");
}

TEST_CASE("the layer of the type that is selected is taken", "[native]") {
  OciWorld world;
  const std::string layer = layer_of(tar_entry("app/a.yaml", "a: 1\n") + tar_entry("l", "", '2'));
  world.registry.push("latest", layer, chart_layer_type);
  world.settings.layer.media_type = flux_layer_type;
  CHECK(world.refusal().starts_with("invalid: has no layer of type"));
  world.settings.layer.media_type = chart_layer_type;
  CHECK(world.update(*world.source()));
  world.settings.layer.operation = OciLayer::Operation::copy;
  CHECK(world.refusal() ==
        "invalid: its layer: holds l, a symlink: Flux takes none from a copied layer");
}

TEST_CASE("a layer that is hostile is refused, and what is on disk stays", "[native]") {
  OciWorld world;
  world.push("latest", "a: 1\n");
  const auto good = world.update(*world.source());
  REQUIRE(good);
  world.settings.limits = {.layer_max = ByteCount(100'000),
                           .unpacked_max = ByteCount(1'000'000),
                           .file_max = ByteCount(10'000)};
  world.registry.push("latest", layer_of(tar_entry("../a.yaml", "a: 2\n")));
  CHECK(world.refusal() ==
        "invalid: its layer: holds ../a.yaml, a name that may leave the archive's folder");
  world.registry.push("latest", layer_of(tar_entry("a", std::string(20'000'000, 'x'))));
  CHECK(world.refusal() == "invalid: its layer: unpacks to more than 976.6 KiB");
  world.registry.push("latest", std::string(200'000, 'x'));
  CHECK(world.refusal() == "invalid: its layer has 195.3 KiB: at most 97.7 KiB are fetched");
  world.registry.push("latest", "plain");
  CHECK(world.refusal() == "invalid: its layer: is not compressed by gzip");
  CHECK(world.source()->on_disk() == *good);
  CHECK(world.files() == 2);
}

TEST_CASE("a layer that is not what its digest says is refused", "[native]") {
  OciWorld world;
  const std::string layer = layer_of(tar_entry("a", "1"));
  world.registry.push("latest", layer);
  world.registry.spoil(OciDigest::of(layer).str(), layer_of(tar_entry("a", "2")));
  CHECK(world.refusal().starts_with("denied: what the registry sends for blob sha256:"));
}

TEST_CASE("a chart says its name and its version, whatever its tag", "[native]") {
  OciWorld world;
  const std::string digest = world.registry.push(
      "latest", "layer", chart_layer_type,
      R"({"name":"podinfo","version":"6.1.0+x","appVersion":"6"})", chart_config_type);
  const auto source = world.source();
  const auto chart = run_until_done(*world.loop, source->chart());
  REQUIRE(chart);
  CHECK(chart->name == "podinfo");
  CHECK(chart->version == "6.1.0+x");
  CHECK(to_string(chart->revision) == "latest@" + digest);
  const std::size_t requests = world.registry.requests.size();
  CHECK(run_until_done(*world.loop, source->chart()) == chart);
  CHECK(world.registry.requests.size() == requests + 1);
  CHECK_FALSE(std::filesystem::exists(world.settings.folder));
  world.push("latest", "a: 1\n");
  CHECK(run_until_done(*world.loop, source->chart()).error().message.contains("is no chart"));
}

TEST_CASE("authorities that are named are beside the system's") {
  CHECK(with_system_authorities({.ca_pem = "OWN"}, "SYSTEM").ca_pem == "OWN\nSYSTEM");
  CHECK(with_system_authorities({}, "SYSTEM").ca_pem.empty());
}

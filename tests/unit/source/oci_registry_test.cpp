// SPDX-License-Identifier: Apache-2.0
// Specification of how a registry is asked.
#include "source/oci_registry.hpp"

#include "base/base64.hpp"
#include "memory_registry.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace primocane;

namespace {

using Lines = std::vector<std::string>;

struct RegistryWorld {
  OciRegistry client() { return {loop, server.url(), access}; }
  std::string look_up(OciRegistry& registry, const std::string& tag) {
    const auto digest = run_until_done(loop, registry.look_up(tag));
    if (!digest) return std::string(to_string(digest.error().kind)) + ": " + digest.error().message;
    return digest->str();
  }
  std::string look_up(const std::string& tag = "latest") {
    OciRegistry registry = client();
    return look_up(registry, tag);
  }
  // What messages begin with.
  std::string about(std::string_view kind, std::string_view what) {
    return fmt::format("{}: {}: {}", kind, server.url().str(), what);
  }

  TestLoop loop;
  MemoryRegistry server{loop};
  RegistryAccess access;
};

}  // namespace

TEST_CASE("a tag is looked up by one request") {
  RegistryWorld world;
  const std::string digest = world.server.push("latest", "layer");
  OciRegistry registry = world.client();
  CHECK(world.look_up(registry, "latest") == digest);
  CHECK(world.look_up(registry, "latest") == digest);
  const std::string head = "HEAD /v2/org/app/manifests/latest";
  CHECK(world.server.requests == Lines{head, head});
}

TEST_CASE("a registry that answers no HEAD is asked for the manifest") {
  RegistryWorld world;
  const std::string digest = world.server.push("latest", "layer");
  world.server.answers_head = false;
  CHECK(world.look_up() == digest);
}

TEST_CASE("a tag that is not there is told with the registry's words") {
  RegistryWorld world;
  CHECK(world.look_up("v1") ==
        world.about("denied",
                    "the registry has no such artifact (status 404, MANIFEST_UNKNOWN: "
                    "no such thing): look at spec.url and spec.ref"));
}

TEST_CASE("a token is fetched when the registry wants one, and kept") {
  RegistryWorld world;
  const std::string digest = world.server.push("latest", "layer");
  world.server.challenge =
      fmt::format(R"(Bearer realm="{}",service="reg istry")", world.server.server.url("/token"));
  world.server.accepted = "Bearer t0ken";
  world.access.security = RegistrySecurity::waived;
  world.access.login = {.username = "ann", .password = "pw"};
  OciRegistry registry = world.client();
  CHECK(world.look_up(registry, "latest") == digest);
  const std::string head = "HEAD /v2/org/app/manifests/latest";
  const std::string token = "GET /token?scope=repository%3Aorg%2Fapp%3Apull&service=reg%20istry";
  CHECK(world.server.requests == Lines{head, token, head});
  CHECK(world.server.authorizations == Lines{"", "Basic " + to_base64("ann:pw"), "Bearer t0ken"});
  CHECK(world.look_up(registry, "latest") == digest);
  CHECK(world.server.requests.size() == 4);
  world.loop.run_for(std::chrono::seconds(56));  // a token is good for a minute
  CHECK(world.look_up(registry, "latest") == digest);
  CHECK(world.server.requests == Lines{head, token, head, head, token, head});
}

TEST_CASE("a token that is good no longer is fetched anew") {
  RegistryWorld world;
  const std::string digest = world.server.push("latest", "layer");
  world.server.challenge = fmt::format(R"(Bearer realm="{}",scope="repository:org/app:pull,push")",
                                       world.server.server.url("/token"));
  world.server.accepted = "Bearer t0ken";
  world.access.security = RegistrySecurity::waived;
  OciRegistry registry = world.client();
  CHECK(world.look_up(registry, "latest") == digest);
  world.server.accepted = "Bearer other";
  world.server.token_answer = R"({"access_token":"other"})";
  CHECK(world.look_up(registry, "latest") == digest);
}

TEST_CASE("an identity token is exchanged by a form") {
  RegistryWorld world;
  const std::string digest = world.server.push("latest", "layer");
  world.server.challenge =
      fmt::format(R"(Bearer realm="{}",service="s")", world.server.server.url("/token"));
  world.server.accepted = "Bearer t0ken";
  world.access = {.login = {.identity_token = "i/d"}, .security = RegistrySecurity::waived};
  CHECK(world.look_up() == digest);
  CHECK(world.server.requests[1] == "POST /token");
}

TEST_CASE("a registry token is sent from the beginning") {
  RegistryWorld world;
  const std::string digest = world.server.push("latest", "layer");
  world.server.challenge = R"(Bearer realm="http://127.0.0.1:1/token")";
  world.server.accepted = "Bearer right";
  world.access = {.login = {.registry_token = "right"}, .security = RegistrySecurity::waived};
  CHECK(world.look_up() == digest);
  CHECK(world.server.requests.size() == 1);
}

TEST_CASE("a registry that wants a password gets it, and says when it is wrong") {
  RegistryWorld world;
  const std::string digest = world.server.push("latest", "layer");
  world.server.challenge = R"(Basic realm="registry")";
  world.server.accepted = "Basic " + to_base64("ann:pw");
  world.access.security = RegistrySecurity::waived;
  CHECK(world.look_up().starts_with(
      world.about("denied", "the registry wants a login (status 401): set spec.secretRef")));
  world.access.login = {.username = "ann", .password = "pw"};
  CHECK(world.look_up() == digest);
  world.access.login.password = "wr0ng";
  const std::string refused = world.look_up();
  CHECK(refused.starts_with(world.about("denied", "the registry does not accept the login")));
  CHECK(refused.find("wr0ng") == std::string::npos);
}

TEST_CASE("a login is not sent without TLS unless that is asked for") {
  RegistryWorld world;
  world.server.push("latest", "layer");
  world.access.login = {.username = "ann", .password = "pw"};
  world.server.challenge = R"(Basic realm="registry")";
  world.server.accepted = "something";
  CHECK(world.look_up().contains("set spec.insecure"));
  world.server.challenge = fmt::format(R"(Bearer realm="{}")", world.server.server.url("/token"));
  CHECK(world.look_up().contains("which has no TLS"));
  CHECK(std::ranges::all_of(world.server.authorizations,
                            [](const std::string& sent) { return sent.empty(); }));
}

TEST_CASE("a manifest is what its digest says, through an index too") {
  RegistryWorld world;
  const std::string digest = world.server.push("latest", "layer");
  const std::string index = world.server.add_manifest(
      "all",
      fmt::format(R"({{"manifests":[{{"mediaType":"m","digest":"{}","size":1}}]}})", digest));
  OciRegistry registry = world.client();
  const auto manifest =
      run_until_done(world.loop, registry.manifest(OciDigest::parse(index).value()));
  REQUIRE(manifest);
  CHECK(manifest->layers.front().media_type == flux_layer_type);
  world.server.spoil(digest, R"({"layers":[]})");
  const auto spoiled =
      run_until_done(world.loop, registry.manifest(OciDigest::parse(index).value()));
  REQUIRE_FALSE(spoiled);
  CHECK(spoiled.error().kind == ErrorKind::denied);
}

TEST_CASE("an index that leads to itself ends") {
  RegistryWorld world;
  std::string digest = world.server.push("", "layer");
  for (int i = 0; i < 5; ++i) {
    digest = world.server.add_manifest(
        "", fmt::format(R"({{"manifests":[{{"digest":"{}","size":{}}}]}})", digest, i));
  }
  OciRegistry registry = world.client();
  const auto manifest =
      run_until_done(world.loop, registry.manifest(OciDigest::parse(digest).value()));
  CHECK(manifest.error().message.ends_with("its indexes lead to indexes only"));
}

TEST_CASE("all pages of tags are read") {
  RegistryWorld world;
  world.server.tags = {"a", "b", "c", "d", "e"};
  OciRegistry registry = world.client();
  CHECK(run_until_done(world.loop, registry.tags()) == world.server.tags);
  CHECK(world.server.requests.size() == 3);
}

TEST_CASE("a blob is followed to its store, which is told no login") {
  RegistryWorld world;
  TestLoop& loop = world.loop;
  MemoryRegistry store(loop);
  world.server.push("latest", "layer");
  const std::string content = "small";
  const OciDescriptor blob{.media_type = "t",
                           .digest = OciDigest::parse(world.server.add_blob(content)).value(),
                           .size = ByteCount(content.size())};
  store.add_blob(content);
  world.server.blob_redirect = store.server.url("/store/");
  world.server.challenge = R"(Basic realm="registry")";
  world.server.accepted = "Basic " + to_base64("ann:pw");
  world.access = {.login = {.username = "ann", .password = "pw"},
                  .security = RegistrySecurity::waived};
  OciRegistry registry = world.client();
  CHECK(run_until_done(loop, registry.small_blob(blob)) == content);
  CHECK(store.requests.size() == 1);
  CHECK(store.authorizations == Lines{""});
}

TEST_CASE("a blob that is something else than was asked for is refused") {
  RegistryWorld world;
  const std::string content = "content";
  const std::string digest = world.server.add_blob(content);
  const OciDescriptor blob{.media_type = "t",
                           .digest = OciDigest::parse(digest).value(),
                           .size = ByteCount(content.size())};
  OciRegistry registry = world.client();
  for (const char* other : {"konzent", "conten", "content and more"}) {
    INFO(other);
    world.server.spoil(digest, other);
    const auto got = run_until_done(world.loop, registry.small_blob(blob));
    REQUIRE_FALSE(got);
    CHECK(got.error().kind != ErrorKind::unavailable);
  }
}

TEST_CASE("a registry that redirects in a circle is given up") {
  RegistryWorld world;
  const std::string digest = world.server.add_blob("x");
  world.server.blob_redirect = world.server.server.url("/v2/org/app/blobs/");
  OciRegistry registry = world.client();
  const auto got = run_until_done(
      world.loop,
      registry.small_blob(
          {.media_type = "t", .digest = OciDigest::parse(digest).value(), .size = ByteCount(1)}));
  CHECK(got.error().message.ends_with("it redirects more than 10 times"));
}

TEST_CASE("a registry that can't be reached is unavailable") {
  RegistryWorld world;
  OciRegistry registry(
      world.loop, OciUrl::parse(fmt::format("oci://127.0.0.1:{}/a", port_that_refuses())).value(),
      {});
  CHECK(run_until_done(world.loop, registry.look_up("x")).error().kind == ErrorKind::unavailable);
}

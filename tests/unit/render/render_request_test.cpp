// SPDX-License-Identifier: Apache-2.0
#include "render/render_request.hpp"

#include "document/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace primocane {
namespace {

DesiredObject sample() {
  const std::string body = R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{}})";
  return {.id = {"apps", "Deployment", "home", "web"},
          .version = "v1",
          .origin = {.path = "apps/web.yaml", .document = 2, .line = 17},
          .prune_mark = PruneMark::allowed,
          .is_merged = true,
          .drift = DriftMode::detect,
          .hash = fingerprint(body),
          .body = body};
}

TEST_CASE("a request that is written can be read again") {
  RenderRequest request;
  request.commit = *CommitId::parse(std::string(40, 'a'));
  request.path = *RelativePath::parse("clusters/home");
  request.name = {"primocane-system", "root"};
  request.objects_max = 7;
  request.build = BuildSettings{.target_namespace = "home"};
  request.build->ignore = *read_json(R"([{"paths":["/spec/replicas"]}])", "rules");
  const Result<RenderRequest> read = read_render_request(write_render_request(request));
  REQUIRE(read);
  CHECK(read->commit == request.commit);
  CHECK(read->path == request.path);
  CHECK(read->name == request.name);
  CHECK(read->objects_max == 7);
  CHECK(read->build == request.build);
  CHECK(read->limits.bytes == request.limits.bytes);
}

TEST_CASE("a request without a commit, or with a path that leaves the tree, is refused") {
  CHECK_FALSE(read_render_request("{}"));
  RenderRequest request;
  CHECK_FALSE(read_render_request(write_render_request(request)));
  CHECK_FALSE(read_render_request("nonsense"));
}

TEST_CASE("an answer arrives whole, however it is cut") {
  const std::string text = write_render_object(sample()) + write_render_end(1);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    RenderAnswerReader reader(10);
    REQUIRE(reader.add(text.substr(0, cut)));
    REQUIRE(reader.add(text.substr(cut)));
    const Result<Rendering> rendering = reader.finish();
    REQUIRE(rendering);
    const std::vector<DesiredObject>* objects = &rendering->objects;
    REQUIRE(objects->size() == 1);
    CHECK(objects->front().id == sample().id);
    CHECK(objects->front().origin == sample().origin);
    CHECK(objects->front().prune_mark == PruneMark::allowed);
    CHECK(objects->front().is_merged);
    CHECK(objects->front().drift == DriftMode::detect);
    CHECK_FALSE(objects->front().is_forced);
    CHECK(objects->front().hash == sample().hash);
    CHECK(objects->front().body == sample().body);
  }
}

TEST_CASE("the fields of an object that others may change arrive, and tell it from others") {
  DesiredObject object = sample();
  object.ignored = {*JsonPointer::parse("/spec/replicas"), *JsonPointer::parse("/data/a~1b")};
  object.hash = hash_of(object);
  CHECK(object.hash != sample().hash);
  RenderAnswerReader reader(10);
  REQUIRE(reader.add(write_render_object(object) + write_render_end(1)));
  const Result<Rendering> rendering = reader.finish();
  REQUIRE(rendering);
  CHECK(rendering->objects.front().ignored == object.ignored);
  CHECK(rendering->objects.front().hash == object.hash);
  object.ignored = std::vector<JsonPointer>(ignored_fields_max + 1, *JsonPointer::parse("/a"));
  RenderAnswerReader other(10);
  CHECK_FALSE(other.add(write_render_object(object)));
  object.ignored.assign(1, JsonPointer());
  CHECK_FALSE(other.add(write_render_object(object)));
}

TEST_CASE("an answer without its end, or with another count, is refused") {
  const auto finishes = [](const std::string& text) {
    RenderAnswerReader reader(10);
    return reader.add(text) && reader.finish();
  };
  CHECK_FALSE(finishes(""));
  CHECK_FALSE(finishes(write_render_object(sample())));
  CHECK_FALSE(finishes(write_render_object(sample()) + write_render_end(2)));
  CHECK_FALSE(finishes(write_render_end(0) + write_render_object(sample())));
  CHECK_FALSE(finishes(write_render_end(0) + "{"));
}

TEST_CASE("Flux's objects arrive apart from what is applied") {
  Object metadata{{"name", "apps"}, {"namespace", "flux-system"}};
  const Result<Resource> followed =
      Resource::make(Object{{"apiVersion", "kustomize.toolkit.fluxcd.io/v1"},
                            {"kind", "Kustomization"},
                            {"metadata", std::move(metadata)}},
                     {.path = "apps.yaml", .line = 3});
  REQUIRE(followed);
  const ResourceId not_served{"image.toolkit.fluxcd.io", "ImagePolicy", "flux-system", "web"};
  RenderAnswerReader reader(10);
  REQUIRE(reader.add(write_render_object(*followed) + write_render_object(not_served) +
                     write_render_object(sample()) + write_render_end(3)));
  const Result<Rendering> rendering = reader.finish();
  REQUIRE(rendering);
  CHECK(rendering->objects.size() == 1);
  REQUIRE(rendering->flux_objects.size() == 1);
  CHECK(rendering->flux_objects.front().object == followed->object);
  CHECK(rendering->flux_objects.front().origin == followed->origin);
  CHECK(rendering->not_served == std::vector<ResourceId>{not_served});
}

TEST_CASE("more objects than are allowed are refused") {
  RenderAnswerReader reader(1);
  REQUIRE(reader.add(write_render_object(sample())));
  CHECK_FALSE(reader.add(write_render_object(sample())));
}

TEST_CASE("an error of the rendering keeps its kind and message") {
  RenderAnswerReader reader(1);
  REQUIRE(reader.add(write_render_error({ErrorKind::denied, "apps/web.yaml:3: no"})));
  const Result<Rendering> objects = reader.finish();
  REQUIRE_FALSE(objects);
  CHECK(objects.error() == Error{ErrorKind::denied, "apps/web.yaml:3: no"});
}

TEST_CASE("what a hostile renderer answers is refused") {
  const auto refused = [](const std::string& line) {
    RenderAnswerReader reader(10);
    return !reader.add(line + "\n");
  };
  CHECK(refused("nonsense"));
  CHECK(refused("{}"));
  CHECK(refused("{}\t{}"));
  CHECK(refused(R"({"kind":"A","name":"b","version":"v1","document":1,"line":1})"
                "\tnot a mapping"));
  CHECK(refused(R"({"kind":"A","name":"b","version":"v1","document":-1,"line":1})"
                "\t{}"));
  CHECK(refused(R"({"objects":1.5})"));
  const auto refused_object = [&](std::string_view id) {
    return refused("{" + std::string(id) +
                   R"(,"document":1,"line":1})"
                   "\t{}");
  };
  CHECK_FALSE(
      refused_object(R"("group":"a.b","kind":"A","namespace":"n","name":"b","version":"v1")"));
  CHECK(refused_object(R"("kind":"A","name":"../b","version":"v1")"));
  CHECK(refused_object(R"("kind":"A","name":"b\nc","version":"v1")"));
  CHECK(refused_object(R"("kind":"A/b","name":"b","version":"v1")"));
  CHECK(refused_object(R"("kind":"A","name":"b","version":"v1/../x")"));
  CHECK(refused_object(R"("kind":"A","name":"b","version":"v1","group":"a/b")"));
  CHECK(refused_object(R"("kind":"A","name":"b","version":"v1","namespace":"A b")"));
}

TEST_CASE("what a renderer says is only ever text of a bounded length") {
  RenderAnswerReader reader(1);
  REQUIRE(reader.add(
      write_render_error({ErrorKind::invalid, "a\x1b[2J\nb" + std::string(100'000, 'c')})));
  const Result<Rendering> objects = reader.finish();
  REQUIRE_FALSE(objects);
  CHECK(objects.error().message.starts_with("a?[2J b"));
  CHECK(objects.error().message.size() < 10'000);
}

}  // namespace
}  // namespace primocane

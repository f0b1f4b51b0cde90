// SPDX-License-Identifier: Apache-2.0
#include "render/image_name.hpp"

#include "document/json.hpp"
#include "support/json_lines.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

Result<void> update(Value& object, const ImageUpdate& images, bool walks) {
  if (keeps_images(object)) return {};
  if (walks) return images.update_containers(object);
  Value* image = object.as_object()->find("image");
  return image->is_null() ? Result<void>() : images.update_field(*image);
}

// What the rule, written as YAML, makes of `image`.
std::string updated(std::string_view rule, std::string_view image) {
  const auto read = read_image_rule(yaml_value(rule), FieldReader("kustomization.yaml"));
  const auto update =
      read ? ImageUpdate::make(*read, "kustomization.yaml") : std::unexpected(read.error());
  return update ? update->updated(image) : update.error().message;
}

}  // namespace

TEST_CASE("an image becomes what it becomes in kustomize") {
  std::size_t compared = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/images/cases.jsonl")) {
    CAPTURE(write_json(row));
    const auto rule = read_image_rule(*row.find("rule"), FieldReader("cases.jsonl")).value();
    const auto images = ImageUpdate::make(rule, "cases.jsonl");
    const std::string_view outcome = row.text_at("outcome");
    Value object = yaml_value(write_json(*row.find("object")));
    if (!images) {
      // kustomize crashes at the first image that it looks at.
      REQUIRE((outcome != "updated" || object == *row.find("result")));
      continue;
    }
    ++compared;
    const auto done = update(object, *images, *row.find("walk")->as_bool());
    CAPTURE(done ? "" : done.error().message);
    REQUIRE((done ? "updated" : "error") == outcome);
    if (done) REQUIRE(object == *row.find("result"));
  }
  CHECK(compared > 80);
}

TEST_CASE("an image's name, tag and digest are told apart") {
  CHECK(split_image("nginx") == ImageName{.name = "nginx"});
  CHECK(split_image("reg:5000/nginx") == ImageName{.name = "reg:5000/nginx"});
  CHECK(split_image("reg:5000/nginx:1@sha256:ff") ==
        ImageName{.name = "reg:5000/nginx", .tag = "1", .digest = "sha256:ff"});
  CHECK(split_image("nginx@sha256:ff") == ImageName{.name = "nginx", .digest = "sha256:ff"});
}

TEST_CASE("a new tag or digest replaces both, a suffix drops the digest") {
  constexpr std::string_view image = "nginx:1@sha256:ff";
  CHECK(updated("{name: nginx, newName: web}", image) == "web:1@sha256:ff");
  CHECK(updated("{name: nginx, newTag: '2'}", image) == "nginx:2");
  CHECK(updated("{name: nginx, digest: 'sha256:aa'}", image) == "nginx@sha256:aa");
  CHECK(updated("{name: nginx, newTag: '2', digest: 'sha256:aa'}", image) == "nginx:2@sha256:aa");
  CHECK(updated("{name: nginx, tagSuffix: -x}", image) == "nginx:1-x");
  CHECK(updated("{name: nginx, tagSuffix: -x, newTag: '2'}", image) == "nginx:2");
}

TEST_CASE("a rule is for images whose whole name its pattern matches") {
  CHECK(updated("{name: nginx, newTag: '2'}", "library/nginx") == "library/nginx");
  CHECK(updated("{name: nginx, newTag: '2'}", "nginx-extra:1") == "nginx-extra:1");
  CHECK(updated("{name: a.b, newTag: '2'}", "axb") == "axb:2");
  CHECK(updated("{name: '(.*/)?nginx', newTag: '2'}", "ghcr.io/x/nginx:1") == "ghcr.io/x/nginx:2");
  CHECK(updated("{name: '(', newTag: '2'}", "nginx")
            .starts_with("kustomization.yaml:1: name of the image: "));
}

TEST_CASE("a rule for images holds strings under names in any case") {
  CHECK(updated("{NAME: nginx, newtag: '2'}", "nginx") == "nginx:2");
  CHECK(updated("{name: nginx, newTag: ~}", "nginx:1") == "nginx:1");
  CHECK(updated("{name: nginx, newTag: 1.2}", "nginx") ==
        "kustomization.yaml:1: newTag must be a string, not a number");
  CHECK(
      updated("{name: nginx, newTags: '2'}", "nginx") ==
      "kustomization.yaml:1: an item of images has no field \"newTags\"; did you mean \"newTag\"?");
  CHECK(updated("{name: nginx, newTag: '2', NewTag: '3'}", "nginx") ==
        "kustomization.yaml:1: \"newTag\" is given twice, as \"NewTag\" too");
  CHECK(read_image_rule(Value(), FieldReader("kustomization.yaml")) == ImageRule());
  CHECK(updated("[]", "nginx") ==
        "kustomization.yaml:1: an item of images must be a mapping, not a list");
}

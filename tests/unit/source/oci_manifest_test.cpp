// SPDX-License-Identifier: Apache-2.0
// Specification of what is read from a registry's answers.
#include "source/oci_manifest.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <variant>

using namespace primocane;

namespace {

const std::string zeros = "sha256:" + std::string(64, '0');
const std::string ones = "sha256:" + std::string(64, '1');

std::string descriptor(std::string_view type, std::string_view digest, std::string_view more = {}) {
  return fmt::format(R"({{"mediaType":"{}","digest":"{}","size":7{}}})", type, digest, more);
}

std::string message(std::string_view text) {
  const auto content = read_oci_manifest(text);
  REQUIRE_FALSE(content);
  CHECK(content.error().kind == ErrorKind::invalid);
  return content.error().message;
}

}  // namespace

TEST_CASE("a manifest has layers, a configuration and annotations") {
  const auto content = read_oci_manifest(fmt::format(
      R"({{"schemaVersion":2,"config":{},"layers":[{},{}],"annotations":{{"a":"b","n":1}}}})",
      descriptor("c", zeros), descriptor("one", zeros), descriptor("two", ones)));
  REQUIRE(content);
  const auto& manifest = std::get<OciManifest>(*content);
  CHECK(manifest.layers.size() == 2);
  CHECK(manifest.config->media_type == "c");
  CHECK(manifest.annotations.at("a") == "b");
  CHECK(select_layer(manifest, "")->digest.str() == zeros);
  CHECK(select_layer(manifest, "two")->digest.str() == ones);
  CHECK(select_layer(manifest, "three").error().message ==
        "has no layer of type three (spec.layerSelector.mediaType): there is one, two");
  CHECK_FALSE(select_layer({}, ""));
}

TEST_CASE("an index leads to what is for linux/amd64 or for no platform") {
  const std::string arm = R"(,"platform":{"os":"linux","architecture":"arm64"})";
  const std::string amd = R"(,"platform":{"os":"linux","architecture":"amd64"})";
  const auto chosen = [](const std::string& children) {
    const auto content = read_oci_manifest("{\"manifests\":[" + children + "]}");
    return content ? std::get<OciDescriptor>(*content).digest.str() : content.error().message;
  };
  CHECK(chosen(descriptor("m", zeros, arm) + "," + descriptor("m", ones, amd)) == ones);
  CHECK(chosen(descriptor("m", ones) + "," + descriptor("m", zeros, amd)) == ones);
  CHECK(chosen(descriptor("m", zeros, arm)).starts_with("its index has no manifest"));
}

TEST_CASE("what is no manifest is refused") {
  CHECK(message("{}") == "its manifest has neither layers nor manifests");
  CHECK(message(R"({"fsLayers":[]})") == "its manifest is of Docker's first schema: push it anew");
  CHECK(message(R"({"layers":[],"manifests":[]})").contains("expected one of them"));
  CHECK(message(R"({"layers":[{"digest":"x","size":1}]})").contains("is no digest"));
  CHECK(message(R"({"layers":[{"digest":")" + zeros + R"(","size":-1}]})") != "");
  CHECK(message("[") != "");
}

TEST_CASE("a chart's configuration tells its name and its version") {
  CHECK(read_chart_config(R"({"name":"a","version":"1.0.0","appVersion":"2"})") ==
        OciChartConfig{.name = "a", .version = "1.0.0", .app_version = "2"});
  CHECK_FALSE(read_chart_config(R"({"name":"a"})"));
}

TEST_CASE("a list of tags leaves out what is none") {
  CHECK(read_tag_list(R"({"name":"x","tags":["a","b/c",1,"d"]})") ==
        std::vector<std::string>{"a", "d"});
  CHECK(read_tag_list(R"({"tags":null})")->empty());
  CHECK_FALSE(read_tag_list("x"));
}

TEST_CASE("a token is read with its time, and nothing of a bad answer is told") {
  CHECK(read_registry_token(R"({"token":"t"})")->good_for_s == 60);
  CHECK(read_registry_token(R"({"access_token":"t","expires_in":300})")->good_for_s == 300);
  CHECK(read_registry_token(R"({"token":"t","expires_in":-5})")->good_for_s == 0);
  CHECK(read_registry_token(R"({"token":"t\r\nX: y"})").error().message.find("X: y") ==
        std::string::npos);
  CHECK_FALSE(read_registry_token("secret"));
  CHECK(read_registry_token("secret").error().message.find("secret") == std::string::npos);
}

TEST_CASE("a registry's complaint is told in one line") {
  CHECK(registry_complaint(R"({"errors":[{"code":"DENIED","message":"go\naway"}]})") ==
        "DENIED: go away");
  CHECK(registry_complaint("<html>").empty());
}

// SPDX-License-Identifier: Apache-2.0
#include "source/oci_manifest.hpp"

#include "document/json.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"
#include "source/json_fields.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t layers_max = 1000;
constexpr std::size_t annotations_max = 1000;
constexpr std::size_t tags_per_page_max = 100'000;

DocumentLimits registry_limits() { return {.bytes = manifest_size_max, .depth = 30}; }

Result<OciDescriptor> read_descriptor(const Value& value) {
  const OciDigest digest = TRY(OciDigest::parse(value.text_at("digest")));
  const std::uint64_t size = TRY(number_at(value, "size"));
  return OciDescriptor{.media_type = std::string(value.text_at("mediaType")),
                       .digest = digest,
                       .size = ByteCount(size)};
}

std::map<std::string, std::string> read_annotations(const Value& manifest) {
  std::map<std::string, std::string> annotations;
  const Value* const value = manifest.find("annotations");
  const Object* const members = value == nullptr ? nullptr : value->as_object();
  if (members == nullptr || members->size() > annotations_max) return annotations;
  for (const auto& [key, text] : *members) {
    if (text.is_string()) annotations.emplace(key, *text.as_string());
  }
  return annotations;
}

Result<OciManifest> read_image_manifest(const Value& value) {
  OciManifest manifest;
  for (const Value& layer : *TRY(array_at(value, "layers", layers_max))) {
    manifest.layers.push_back(TRY(read_descriptor(layer)));
  }
  const Value* const config = value.find("config");
  if (config != nullptr && config->is_object()) {
    // What is no chart's is not looked at, whatever it is.
    Result<OciDescriptor> descriptor = read_descriptor(*config);
    if (descriptor) manifest.config = std::move(*descriptor);
  }
  manifest.annotations = read_annotations(value);
  return manifest;
}

// As matchesPlatform of pkg/v1/remote for its default platform.
bool is_for_default_platform(const Value& child) {
  const Value* const platform = child.find("platform");
  if (platform == nullptr || platform->is_null()) return true;
  return platform->text_at("os") == "linux" && platform->text_at("architecture") == "amd64";
}

Result<OciDescriptor> read_image_index(const Value& value) {
  for (const Value& child : *TRY(array_at(value, "manifests", layers_max))) {
    if (is_for_default_platform(child)) return read_descriptor(child);
  }
  return fail(ErrorKind::invalid, "its index has no manifest for linux/amd64 or for no platform");
}

}  // namespace

Result<OciContent> read_oci_manifest(std::string_view text) {
  const Value value = TRY(read_json(text, "its manifest", registry_limits()));
  const bool is_index = value.find("manifests") != nullptr;
  const bool is_manifest = value.find("layers") != nullptr;
  // A document that is both would be read otherwise by somebody else (image-spec 1.1, manifest.md).
  if (is_index && is_manifest) {
    return fail(ErrorKind::invalid, "its manifest has layers and manifests: expected one of them");
  }
  if (is_index) return TRY(read_image_index(value));
  if (is_manifest) return TRY(read_image_manifest(value));
  if (value.find("fsLayers") != nullptr) {
    return fail(ErrorKind::invalid, "its manifest is of Docker's first schema: push it anew");
  }
  return fail(ErrorKind::invalid, "its manifest has neither layers nor manifests");
}

Result<OciDescriptor> select_layer(const OciManifest& manifest, std::string_view media_type) {
  if (manifest.layers.empty()) return fail(ErrorKind::invalid, "has no layers");
  if (media_type.empty()) return manifest.layers.front();
  const auto found = std::ranges::find(manifest.layers, media_type, &OciDescriptor::media_type);
  if (found != manifest.layers.end()) return *found;
  std::vector<std::string> types;
  for (const OciDescriptor& layer : manifest.layers) {
    if (std::ranges::find(types, layer.media_type) == types.end()) {
      types.push_back(layer.media_type);
    }
  }
  return fail(
      ErrorKind::invalid,
      fmt::format("has no layer of type {} (spec.layerSelector.mediaType): there is {}",
                  printable(media_type), printable(fmt::format("{}", fmt::join(types, ", ")))));
}

Result<OciChartConfig> read_chart_config(std::string_view text) {
  const Value value = TRY(read_json(text, "its configuration", registry_limits()));
  OciChartConfig config{.name = std::string(value.text_at("name")),
                        .version = std::string(value.text_at("version")),
                        .app_version = std::string(value.text_at("appVersion"))};
  if (config.name.empty() || config.version.empty()) {
    return fail(ErrorKind::invalid,
                "its configuration is that of no chart: it has no name or no "
                "version");
  }
  return config;
}

Result<std::vector<std::string>> read_tag_list(std::string_view text) {
  DocumentLimits limits = registry_limits();
  limits.bytes = ByteCount(16UL * 1024 * 1024);
  const Value value = TRY(read_json(text, "the list of its tags", limits));
  std::vector<std::string> tags;
  // Some write null for none.
  if (value.find("tags") == nullptr || value.find("tags")->is_null()) return tags;
  for (const Value& tag : *TRY(array_at(value, "tags", tags_per_page_max))) {
    if (tag.is_string() && is_oci_tag(*tag.as_string())) tags.push_back(*tag.as_string());
  }
  return tags;
}

Result<RegistryToken> read_registry_token(std::string_view text) {
  const Result<Value> value = read_json(text, "token", registry_limits());
  RegistryToken token;
  if (value) token.token = value->text_at("token");
  if (value && token.token.empty()) token.token = value->text_at("access_token");
  const bool is_header =
      std::ranges::all_of(token.token, [](char c) { return c > ' ' && c <= '~'; });
  if (token.token.empty() || !is_header) {
    return fail(ErrorKind::unavailable, "the token server's answer holds no token");
  }
  const Value* const seconds = value->find("expires_in");
  const Number* const number = seconds == nullptr ? nullptr : seconds->as_number();
  if (number != nullptr) {
    std::int64_t good_for = 0;
    const std::string& digits = number->text;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), good_for);
    constexpr std::int64_t longest = 24L * 3600;
    if (error == std::errc()) token.good_for_s = std::clamp<std::int64_t>(good_for, 0, longest);
  }
  return token;
}

std::string registry_complaint(std::string_view text) {
  const Result<Value> value = read_json(text, "answer", registry_limits());
  const Value* const errors = value ? value->find("errors") : nullptr;
  const Array* const list = errors == nullptr ? nullptr : errors->as_array();
  if (list == nullptr || list->empty()) return {};
  const Value& first = list->front();
  return printable(fmt::format("{}: {}", first.text_at("code"), first.text_at("message")), 200);
}

}  // namespace primocane

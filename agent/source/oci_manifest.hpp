// SPDX-License-Identifier: Apache-2.0
// Manifests and indexes of OCI artifacts, and their older forms of Docker. Source: OCI Image
// Specification 1.1, manifest.md and image-index.md.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "source/oci_url.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace primocane {

/// What layers of charts and of `flux push artifact` say that they are.
inline constexpr std::string_view chart_layer_type =
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
inline constexpr std::string_view chart_config_type = "application/vnd.cncf.helm.config.v1+json";
inline constexpr std::string_view flux_layer_type = "application/vnd.cncf.flux.content.v1.tar+gzip";

/// A blob or a manifest that a manifest names.
struct OciDescriptor {
  std::string media_type;
  OciDigest digest;
  ByteCount size;

  bool operator==(const OciDescriptor&) const = default;
};

struct OciManifest {
  std::vector<OciDescriptor> layers;
  std::optional<OciDescriptor> config;
  std::map<std::string, std::string> annotations;
};

/// Of a manifest or an index; larger ones are refused.
inline constexpr ByteCount manifest_size_max{4UL * 1024 * 1024};

/// A manifest; or, for an index, that of its manifests which is for linux/amd64 or for no platform,
/// whatever we run on: manifests for Kubernetes are for none, and source-controller takes the same
/// (pkg/v1/remote). `invalid` for anything else.
using OciContent = std::variant<OciManifest, OciDescriptor>;
[[nodiscard]] Result<OciContent> read_oci_manifest(std::string_view text);

/// The layer that Flux takes: the first of `media_type`, or the very first if that is "". `invalid`
/// if there is none; the message lists the types that there are.
[[nodiscard]] Result<OciDescriptor> select_layer(const OciManifest& manifest,
                                                 std::string_view media_type);

/// What the configuration of a chart's manifest says (Helm's Chart.yaml, as JSON).
struct OciChartConfig {
  std::string name;
  std::string version;
  std::string app_version;

  bool operator==(const OciChartConfig&) const = default;
};
[[nodiscard]] Result<OciChartConfig> read_chart_config(std::string_view text);

/// The page of a list of tags.
[[nodiscard]] Result<std::vector<std::string>> read_tag_list(std::string_view text);

/// The token in the answer of a token server, and for how many seconds it is good (60 where the
/// answer does not say). The message of an error holds nothing of the text.
struct RegistryToken {
  std::string token;
  std::int64_t good_for_s = 60;
};
[[nodiscard]] Result<RegistryToken> read_registry_token(std::string_view text);

/// What a registry says about a failure: "MANIFEST_UNKNOWN: manifest unknown"; "" if it says
/// nothing in the form of the specification.
[[nodiscard]] std::string registry_complaint(std::string_view text);

}  // namespace primocane

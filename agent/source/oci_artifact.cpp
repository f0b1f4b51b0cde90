// SPDX-License-Identifier: Apache-2.0
#include "source/oci_artifact.hpp"

#include "base/bytes.hpp"
#include "base/durable_file.hpp"
#include "document/json.hpp"
#include "document/value.hpp"
#include "source/bundle_files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view artifact_file = "artifact.json";
constexpr ByteCount artifact_file_max{8UL * 1024 * 1024};
constexpr std::string_view artifact_seal = "bundle";
// Source: fluxcd/pkg/oci, meta.go.
constexpr std::string_view revision_annotation = "org.opencontainers.image.revision";

std::string_view operation_word(const OciLayer& layer) {
  return layer.operation == OciLayer::Operation::copy ? "copy" : "extract";
}

}  // namespace

std::string to_string(const OciRevision& revision) {
  if (revision.tag.empty()) return revision.digest.str();
  return fmt::format("{}@{}", revision.tag, revision.digest.str());
}

std::string OciArtifact::origin_revision() const {
  const auto found = annotations.find(std::string(revision_annotation));
  return found == annotations.end() ? std::string() : found->second;
}

std::string ArtifactFolder::bundle_path(const OciDigest& digest) const {
  return fmt::format("{}/{}{}", path_, digest.hex(), bundle_suffix);
}

// What can't be read is fetched anew.
std::optional<Value> ArtifactFolder::written() const {
  const auto text = read_if_there(fmt::format("{}/{}", path_, artifact_file), artifact_file_max);
  if (!text || !*text) return std::nullopt;
  Result<Value> value = read_json(**text, artifact_file);
  if (!value) return std::nullopt;
  return std::move(*value);
}

std::optional<OciArtifact> ArtifactFolder::read(const OciUrl& url, const OciLayer& layer) const {
  const std::optional<Value> value = written();
  if (!value || value->text_at("url") != url.str() ||
      value->text_at("mediaType") != layer.media_type ||
      value->text_at("operation") != operation_word(layer)) {
    return std::nullopt;
  }
  Result<OciDigest> digest = OciDigest::parse(value->text_at("digest"));
  if (!digest) return std::nullopt;
  OciArtifact artifact{
      .revision = {.tag = std::string(value->text_at("tag")), .digest = std::move(*digest)},
      .path = {},
      .annotations = {}};
  artifact.path = bundle_path(artifact.revision.digest);
  const Value* const annotations = value->find("annotations");
  if (annotations != nullptr && annotations->is_object()) {
    for (const auto& [key, annotation] : *annotations->as_object()) {
      artifact.annotations.emplace(key, annotation.scalar_text());
    }
  }
  if (!is_bundle_there(artifact.path, value->find(artifact_seal))) return std::nullopt;
  return artifact;
}

Result<void> ArtifactFolder::write(const OciUrl& url, const OciLayer& layer,
                                   const OciArtifact& artifact) const {
  Object annotations;
  for (const auto& [key, text] : artifact.annotations) annotations.append(key, text);
  Value seal = TRY(seal_of_bundle(artifact.path));
  const Value value = Object{{"url", url.str()},
                             {"mediaType", layer.media_type},
                             {"operation", operation_word(layer)},
                             {"tag", artifact.revision.tag},
                             {"digest", artifact.revision.digest.str()},
                             {std::string(artifact_seal), std::move(seal)},
                             {"annotations", std::move(annotations)}};
  TRY(replace_file(fmt::format("{}/{}", path_, artifact_file), write_json(value),
                   Durability::synced));
  remove_bundles_but(path_, {artifact.path});
  return {};
}

void ArtifactFolder::forget_damaged() const {
  const std::optional<Value> value = written();
  if (!value) return;
  const Result<OciDigest> digest = OciDigest::parse(value->text_at("digest"));
  if (digest && is_bundle_whole(bundle_path(*digest), value->find(artifact_seal))) return;
  std::error_code ignored;  // what stays is found to be damaged again
  std::filesystem::remove(fmt::format("{}/{}", path_, artifact_file), ignored);
  remove_bundles_but(path_, {});
}

}  // namespace primocane

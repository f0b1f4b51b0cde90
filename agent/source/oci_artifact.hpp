// SPDX-License-Identifier: Apache-2.0
// OciArtifact: what an OCIRepository was at one moment, and the folder that keeps the last one.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "document/value.hpp"
#include "source/oci_url.hpp"
#include "source/unpack_layer.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// What a tag was: "latest@sha256:...", or "sha256:..." where a digest was asked for, as Flux
/// writes revisions.
struct OciRevision {
  std::string tag;  ///< "" where a digest was asked for
  OciDigest digest;

  bool operator==(const OciRevision&) const = default;
};
[[nodiscard]] std::string to_string(const OciRevision& revision);

/// Which layer is taken (spec.layerSelector).
struct OciLayer {
  std::string media_type;  ///< "": the first
  /// A copied layer (operation: copy) is taken whole, and .sourceignore and spec.ignore mean
  /// nothing in it.
  enum class Operation : std::uint8_t { extract, copy } operation = Operation::extract;

  bool operator==(const OciLayer&) const = default;
};

struct OciArtifact {
  OciRevision revision;
  std::string path;  ///< of the bundle (bundle_tree.hpp) that holds its files
  std::map<std::string, std::string> annotations;  ///< of its manifest

  /// The revision of the Git repository that it was made from, as `flux push artifact` notes it
  /// ("main@sha1:..."); "" if it was not.
  [[nodiscard]] std::string origin_revision() const;
  bool operator==(const OciArtifact&) const = default;
};

/// A folder with at most one artifact: its bundle, and `artifact.json` that names it. Written in
/// that order, so that a power cut leaves the old one or the new one. All errors are
/// `unavailable`.
class ArtifactFolder {
 public:
  explicit ArtifactFolder(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Where the bundle of `digest` belongs.
  [[nodiscard]] std::string bundle_path(const OciDigest& digest) const;
  /// The artifact that is here, if it is of `url` and `layer` and its bundle is there.
  [[nodiscard]] std::optional<OciArtifact> read(const OciUrl& url, const OciLayer& layer) const;
  /// Makes `artifact`, whose bundle is there, the one that is here, and removes all others.
  [[nodiscard]] Result<void> write(const OciUrl& url, const OciLayer& layer,
                                   const OciArtifact& artifact) const;
  /// Forgets the artifact that is here where its bundle is not what was written. Reads all of it.
  void forget_damaged() const;

 private:
  [[nodiscard]] std::optional<Value> written() const;

  std::string path_;
};

}  // namespace primocane

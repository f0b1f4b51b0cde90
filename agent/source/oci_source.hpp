// SPDX-License-Identifier: Apache-2.0
// OciSource: an OCIRepository that is followed: what its tag is now, and its files on disk. The
// likeness of GitRepository for what is no repository of Git. Source: source-controller,
// internal/controller/ocirepository_controller.go.
#pragma once

#include "base/bytes.hpp"
#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "base/unique_fd.hpp"
#include "source/oci_artifact.hpp"
#include "source/oci_registry.hpp"
#include "source/oci_url.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace primocane {

/// What is followed (spec.ref): a digest before a range of versions before a tag; all "": the tag
/// "latest".
struct OciReference {
  std::string tag;
  std::string semver;
  std::string semver_filter;  ///< a regular expression that tags must match, with a range
  std::string digest;

  bool operator==(const OciReference&) const = default;
};

struct OciLimits {
  ByteCount layer_max{128ULL * 1024 * 1024};     ///< of a layer as it is sent
  ByteCount unpacked_max{256ULL * 1024 * 1024};  ///< of all its files
  ByteCount file_max{16ULL * 1024 * 1024};       ///< of a file; larger ones can't be read
};

struct OciSourceSettings {
  OciUrl url;
  OciReference reference;
  OciLayer layer;
  RegistryAccess access;
  std::chrono::milliseconds timeout{60'000};  ///< for all that one call does
  OciLimits limits;
  std::string folder;  ///< of its own, for one artifact; made when it is needed
};

/// A chart that an OCIRepository holds.
struct OciChart {
  OciRevision revision;
  std::string name;     ///< as the chart calls itself
  std::string version;  ///< the same
  std::string app_version;

  bool operator==(const OciChart&) const = default;
};

/// `loop` and `children` are borrowed and outlive it. One call at a time. Errors name the URL; see
/// OciRegistry, and `invalid` for an artifact that can't be unpacked.
class OciSource {
 public:
  OciSource(OciSourceSettings settings, EventLoop& loop, ChildProcesses& children);

  /// The artifact that is on disk, if any: what there is while the registry can't be reached.
  [[nodiscard]] std::optional<OciArtifact> on_disk() const;
  /// Asks the registry what is followed now: one request, and what its login takes; with a range of
  /// versions two at least.
  Task<Result<OciRevision>> resolve();
  /// resolve(), and fetches the artifact if it is not the one on disk. Nothing is written where
  /// nothing is new.
  Task<Result<OciArtifact>> update();
  /// resolve(), and what the artifact says that it is if it is a chart. Nothing is written.
  Task<Result<OciChart>> chart();

  /// The bundle of the artifact on disk, to be read with open_bundle_tree() or given to a child.
  [[nodiscard]] Result<UniqueFd> open(const OciArtifact& artifact) const;
  /// Forgets what is on disk where it is not what was written; the next update() fetches it anew.
  /// Reads all of it.
  void forget_damaged() const { folder_.forget_damaged(); }

 private:
  Task<Result<OciRevision>> find_revision();
  Task<Result<OciArtifact>> update_now();
  Task<Result<OciChart>> chart_now();
  Task<Result<OciArtifact>> fetch(OciRevision revision);
  Task<Result<void>> unpack(const OciDescriptor* layer, std::string path);
  [[nodiscard]] std::unexpected<Error> about(ErrorKind kind, std::string message) const;
  [[nodiscard]] std::unexpected<Error> about(Error error) const;
  [[nodiscard]] std::unexpected<Error> too_slow() const;

  OciSourceSettings settings_;
  ArtifactFolder folder_;
  EventLoop& loop_;
  ChildProcesses& children_;
  OciRegistry registry_;
  std::optional<OciChart> chart_;  // the last one, which its digest pins
};

/// `tls` with the system's authorities beside those that it names, as source-controller has them:
/// what a registry keeps may lie with somebody known to all. `bundle` is the content of the
/// system's file of authorities.
[[nodiscard]] TlsSettings with_system_authorities(TlsSettings tls, const std::string& bundle);

}  // namespace primocane

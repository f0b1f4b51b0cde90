// SPDX-License-Identifier: Apache-2.0
// Where an OCI artifact is: the registry and the repository, a tag, a digest; each checked once.
// Sources: OCI Distribution Specification 1.1 "Pulling manifests"; go-containerregistry pkg/name.
#pragma once

#include "base/error.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace primocane {

/// A repository in a registry: "oci://ghcr.io/org/manifests". What names no registry is in
/// Docker's.
class OciUrl {
 public:
  /// `invalid` for anything else, for credentials in it, and for one with a tag or a digest.
  [[nodiscard]] static Result<OciUrl> parse(std::string_view text);

  /// Host and perhaps port, as a request needs it: "index.docker.io".
  [[nodiscard]] const std::string& registry() const { return registry_; }
  /// "org/manifests".
  [[nodiscard]] const std::string& repository() const { return repository_; }
  /// The URL as it was written, without slashes at its end. Fit for messages.
  [[nodiscard]] const std::string& str() const { return text_; }
  /// Whether the registry is on this machine or in a private network (RFC 1918, ".local"), where
  /// one without TLS is found without being asked for (pkg/name, Registry.Scheme).
  [[nodiscard]] bool is_near() const;
  /// The repository of the chart `name` below this one; `invalid` for what can be none.
  [[nodiscard]] Result<OciUrl> below(std::string_view name) const;

  bool operator==(const OciUrl&) const = default;

 private:
  OciUrl() = default;

  std::string registry_;
  std::string repository_;
  std::string text_;
};

/// The digest of a manifest or a blob: "sha256:" and 64 lower-case hexadecimal digits.
class OciDigest {
 public:
  [[nodiscard]] static Result<OciDigest> parse(std::string_view text);
  [[nodiscard]] static OciDigest of(std::string_view content);

  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] std::string_view hex() const;
  auto operator<=>(const OciDigest&) const = default;

 private:
  explicit OciDigest(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Whether registries take `text` for a tag.
[[nodiscard]] bool is_oci_tag(std::string_view text);

}  // namespace primocane

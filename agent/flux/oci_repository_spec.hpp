// SPDX-License-Identifier: Apache-2.0
// OciRepositorySpec: what an object of Flux's kind OCIRepository says (source.toolkit.fluxcd.io;
// source-controller, api/v1/ocirepository_types.go).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "flux/kustomization_spec.hpp"
#include "resource/resource.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace primocane {

/// What becomes of the chosen layer: its files are taken without those that are ignored, or all.
enum class LayerOperation : std::uint8_t { extract, copy };

struct OciRepositorySpec {
  SourceReference name;
  Origin origin;
  std::string url;               ///< oci://REGISTRY/REPOSITORY
  std::string tag;               ///< "" for "latest"
  std::string semver;            ///< a range, before `tag`
  std::string semver_filter;     ///< regular expression for tags
  std::string digest;            ///< before `semver`
  std::string layer_media_type;  ///< "" for the first layer
  LayerOperation layer_operation = LayerOperation::extract;
  std::string secret;                 ///< of the login, in its namespace, or ""
  std::string service_account;        ///< whose imagePullSecrets are logins, or ""
  std::string cert_secret;            ///< ca.crt, tls.crt, tls.key, or ""
  std::string proxy_secret;           ///< or ""
  std::optional<std::string> ignore;  ///< instead of Flux's default patterns
  Duration interval{};
  Duration timeout = std::chrono::seconds(60);
  bool is_insecure = false;  ///< HTTP will do, and any certificate where no authority is named
  bool is_suspended = false;

  /// Reads an object of kind OCIRepository. `invalid`, naming object, file and field, for what its
  /// CRD would refuse, and for what primocane does not serve: verify, and providers that log in
  /// with the identity of a cloud's machine.
  [[nodiscard]] static Result<OciRepositorySpec> read(const Resource& object);
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// HelmRepositorySpec: what an object of Flux's kind HelmRepository says (source.toolkit.fluxcd.io;
// source-controller, api/v1/helmrepository_types.go).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "flux/kustomization_spec.hpp"
#include "resource/resource.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace primocane {

/// Where the charts are: behind an index, or each a repository of an OCI registry.
enum class HelmRepositoryType : std::uint8_t { index, oci };

struct HelmRepositorySpec {
  SourceReference name;
  Origin origin;
  HelmRepositoryType type = HelmRepositoryType::index;
  std::string url;          ///< http, https; or oci
  std::string secret;       ///< of the login, in its namespace, or ""
  std::string cert_secret;  ///< ca.crt, tls.crt, tls.key, or ""
  Duration interval{};      ///< zero where it is not said
  Duration timeout = std::chrono::seconds(60);
  bool passes_credentials = false;  ///< to other hosts too
  bool is_insecure = false;         ///< of type oci: see OciRepositorySpec
  bool is_suspended = false;

  /// Reads an object of kind HelmRepository. `invalid`, naming object, file and field, for what its
  /// CRD would refuse, a URL that does not fit the type, and providers that log in with the
  /// identity of a cloud's machine.
  [[nodiscard]] static Result<HelmRepositorySpec> read(const Resource& object);
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// GitRepositorySpec: what an object of Flux's kind GitRepository says (source.toolkit.fluxcd.io;
// source-controller, api/v1/gitrepository_types.go).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "flux/kustomization_spec.hpp"
#include "resource/resource.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// Whose signatures are checked (spec.verify.mode).
enum class SignedObject : std::uint8_t { head, tag, tag_and_head };

/// What says how a repository is reached: its own object, or the agent's configuration.
enum class ReachedBy : std::uint8_t { object, configuration };

/// Another GitRepository of the same namespace whose files are put among those of this one.
struct GitInclude {
  std::string repository;
  RelativePath from;
  RelativePath to;
};

struct GitRepositorySpec {
  /// spec.ref; what of it counts is decided where it is followed.
  struct Reference {
    std::string branch;  ///< "master" where the object names no ref at all
    std::string tag;
    std::string semver;
    std::string name;
    std::string commit;

    bool operator==(const Reference&) const = default;
  };
  struct Verification {
    SignedObject mode = SignedObject::head;
    std::string secret;  ///< of public keys, in its namespace
  };

  SourceReference name;
  Origin origin;
  std::string url;
  Reference reference;
  std::string secret;        ///< of credentials, in its namespace, or ""
  std::string proxy_secret;  ///< likewise
  std::optional<Verification> verification;
  std::optional<std::string> ignore;  ///< more patterns, in the form of .gitignore
  std::vector<GitInclude> includes;
  std::vector<std::string> sparse_checkout;  ///< folders, nothing else is there; none: all is
  Duration interval{};
  Duration timeout = std::chrono::seconds(60);
  bool recurses_submodules = false;
  bool is_suspended = false;

  /// Reads an object of kind GitRepository. `invalid`, naming object, file and field, for what its
  /// CRD would refuse, and for what primocane does not serve: providers that log in with the
  /// identity of a cloud's machine or of a GitHub App. These are no error where the repository is
  /// reached by the configuration.
  [[nodiscard]] static Result<GitRepositorySpec> read(const Resource& object,
                                                      ReachedBy reached_by = ReachedBy::object);
};

}  // namespace primocane

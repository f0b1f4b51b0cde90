// SPDX-License-Identifier: Apache-2.0
// What is configured about a remote Git repository.
#pragma once

#include "base/bytes.hpp"
#include "source/git_reference.hpp"

#include <chrono>
#include <string>

namespace primocane {

/// Where secrets lie: paths of files, read at each use so that a rotation needs no restart.
struct GitAuthentication {
  std::string username;            ///< for basic authentication over HTTPS
  std::string password_file;       ///< password or token of `username`
  std::string token_file;          ///< bearer token over HTTPS
  std::string client_certificate;  ///< PEM, for HTTPS
  std::string client_key;          ///< PEM
  std::string ssh_key;             ///< private key, for SSH
  std::string ssh_known_hosts;     ///< required for SSH

  bool operator==(const GitAuthentication&) const = default;
};

/// What messages call the places of credentials.
struct CredentialNames {
  std::string all = "git.authentication";
  std::string ssh_key = "git.authentication.sshKey";
  std::string ssh_known_hosts = "git.authentication.sshKnownHosts";
  std::string proxy = "git.proxy";

  bool operator==(const CredentialNames&) const = default;
};

struct GitSettings {
  std::string url;  ///< https://, http:// or ssh://, or host:path as ssh takes it; no credentials
  std::string branch = "main";
  GitReference reference;  ///< what is followed, if anything of it is set, instead of `branch`
  GitAuthentication authentication;
  CredentialNames credential_names;
  std::string ca_file;  ///< PEM bundle; "" for the system's
  std::string proxy;    ///< URL; "" for none
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds stall_timeout{30};   ///< without a byte
  std::chrono::seconds fetch_timeout{600};  ///< for one whole fetch
  ByteCount pack_max{1024ULL * 1024 * 1024};
  std::uint64_t objects_max = 2'000'000;    ///< in one pack
  std::uint32_t depth_max = 10'000;         ///< commits fetched to see whether one descends
  ByteCount file_max{16ULL * 1024 * 1024};  ///< of one file that is read

  bool operator==(const GitSettings&) const = default;
};

/// What `settings` say is followed.
[[nodiscard]] inline GitReference followed_reference(const GitSettings& settings) {
  GitReference reference = settings.reference;
  if (reference == GitReference()) reference.branch = settings.branch;
  return reference;
}

}  // namespace primocane

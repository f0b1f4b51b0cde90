// SPDX-License-Identifier: Apache-2.0
// Reads a kubeconfig: where the API server is and how to prove ourselves to it.
#pragma once

#include "base/error.hpp"
#include "http/http_client.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// What a kubeconfig's context says.
struct ClusterAccess {
  std::string server;  ///< https://host:port, no trailing slash
  TlsSettings tls;
  std::string bearer_token;
  std::string token_file;  ///< read every minute and after a 401; wins over bearer_token
  std::string username;
  std::string password;
  std::string proxy;
};

/// Reads `text` (YAML or JSON) of the file `path`; relative file names in it are relative to its
/// folder. `context` "" is the current-context. `invalid`, naming file and line, for what is
/// missing or cannot be honoured (exec and auth-provider plugins, insecure-skip-tls-verify).
[[nodiscard]] Result<ClusterAccess> read_kubeconfig(std::string_view text, const std::string& path,
                                                    std::string_view context = {});

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// OciRegistry: one repository of an OCI registry, as a client sees it: tags, manifests, blobs.
// Sources: OCI Distribution Specification 1.1; go-containerregistry pkg/v1/remote.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "http/http_client.hpp"
#include "source/docker_config.hpp"
#include "source/oci_manifest.hpp"
#include "source/oci_url.hpp"
#include "source/registry_auth.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// How a registry is reached.
struct RegistryAccess {
  RegistryLogin login;
  TlsSettings tls;
  std::string proxy;
  RegistrySecurity security = RegistrySecurity::required;
  std::chrono::milliseconds timeout{60'000};  ///< for one exchange

  bool operator==(const RegistryAccess&) const = default;
};

/// `loop` is borrowed and outlives it. One call at a time. A login is sent to the registry and to
/// the token server that it names, and to nobody that either redirects to. Errors name the
/// repository: `unavailable` when the registry can't be reached or is busy, `denied` when it wants
/// another login or has not what is asked for, `invalid` for an answer that makes no sense.
class OciRegistry {
 public:
  OciRegistry(EventLoop& loop, OciUrl url, RegistryAccess access);
  OciRegistry(const OciRegistry&) = delete;
  OciRegistry& operator=(const OciRegistry&) = delete;
  ~OciRegistry();

  /// The digest of what `tag` is now: one HEAD, where the registry answers it.
  Task<Result<OciDigest>> look_up(std::string tag);
  /// The manifest with that digest, or the one that an index with that digest leads to.
  Task<Result<OciManifest>> manifest(OciDigest digest);
  /// All tags, in no order.
  Task<Result<std::vector<std::string>>> tags();
  /// Gives the blob to `sink`, piece by piece. Success means that size and digest are right.
  Task<Result<void>> blob(OciDescriptor blob, BodySink sink);
  /// A blob of at most manifest_size_max, checked likewise.
  Task<Result<std::string>> small_blob(OciDescriptor blob);

  [[nodiscard]] const OciUrl& url() const { return url_; }

 private:
  struct Request;

  Task<Result<HttpResponse>> ask(Request request);
  Task<Result<HttpResponse>> first_exchange(const Request* request);
  Task<Result<HttpResponse>> exchange(const Request* request);
  Task<Result<void>> fetch_token();
  Task<Result<std::string>> fetch_manifest(OciDigest digest);
  [[nodiscard]] Result<HttpRequest> http_request(const Request& request,
                                                 const std::string& url) const;
  [[nodiscard]] Result<std::string> next_page(const HttpResponse& response) const;
  [[nodiscard]] std::string path_of(std::string_view what) const;
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] std::unexpected<Error> about(ErrorKind kind, std::string message) const;
  [[nodiscard]] std::unexpected<Error> about(Error error) const;
  [[nodiscard]] Error refusal(const HttpResponse& response) const;

  EventLoop& loop_;
  OciUrl url_;
  RegistryAccess access_;
  RegistryAuth auth_;
  std::unique_ptr<HttpClient> client_;
  std::string scheme_;  // "" until the registry has answered by one
};

}  // namespace primocane

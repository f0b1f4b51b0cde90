// SPDX-License-Identifier: Apache-2.0
// MemoryRegistry: an OCI registry inside the test, with as much of a will of its own as a test
// needs. How real ones behave is for the integration tests.
#pragma once

#include "source/oci_manifest.hpp"
#include "source/oci_url.hpp"
#include "support/loopback_server.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

class MemoryRegistry {
 public:
  explicit MemoryRegistry(EventLoop& loop)
      : server(loop,
               [this](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
                 requests.push_back(request.method + " " + request.target);
                 authorizations.push_back(request.header("Authorization"));
                 serve(request, *connection);
               }) {}

  /// "oci://127.0.0.1:PORT/org/app".
  OciUrl url() const {
    return OciUrl::parse(fmt::format("oci://127.0.0.1:{}/org/app", server.port())).value();
  }

  std::string add_blob(const std::string& content) {
    std::string digest = OciDigest::of(content).str();
    content_["blobs/" + digest] = content;
    return digest;
  }
  std::string add_manifest(const std::string& tag, const std::string& text) {
    std::string digest = OciDigest::of(text).str();
    content_["manifests/" + digest] = text;
    if (!tag.empty()) content_["manifests/" + tag] = text;
    return digest;
  }
  /// An artifact of one layer; the digest of its manifest.
  std::string push(const std::string& tag, const std::string& layer,
                   std::string_view type = flux_layer_type, std::string_view config = "{}",
                   std::string_view config_type = "application/vnd.oci.empty.v1+json") {
    const std::string text =
        fmt::format(R"({{"schemaVersion":2,"config":{{"mediaType":"{}","digest":"{}","size":{}}},)"
                    R"("layers":[{{"mediaType":"{}","digest":"{}","size":{}}}],)"
                    R"("annotations":{{"org.opencontainers.image.revision":"main@sha1:abc"}}}})",
                    config_type, add_blob(std::string(config)), config.size(), type,
                    add_blob(layer), layer.size());
    return add_manifest(tag, text);
  }
  /// Serves something else for what has this digest.
  void spoil(const std::string& digest, const std::string& content) {
    for (const char* kind : {"blobs/", "manifests/"}) {
      const auto found = content_.find(kind + digest);
      if (found != content_.end()) found->second = content;
    }
  }

  std::vector<std::string> tags;
  std::string challenge;  ///< what it wants; "" for nothing
  std::string accepted;   ///< the header Authorization that it takes
  std::string token_answer = R"({"token":"t0ken"})";
  bool answers_head = true;
  std::string blob_redirect;  ///< where blobs are, if not here
  std::vector<std::string> requests;
  std::vector<std::string> authorizations;  ///< of the requests
  LoopbackServer server;

 private:
  void serve(const LoopbackRequest& request, LoopbackConnection& connection) {
    if (request.target.starts_with("/token")) return connection.respond(200, token_answer);
    if (request.target.starts_with("/store/")) {
      return connection.respond(200, content_["blobs/" + request.target.substr(7)]);
    }
    if (!challenge.empty() && request.header("Authorization") != accepted) {
      return connection.respond(401, "", "WWW-Authenticate: " + challenge + "\r\n");
    }
    const std::string prefix = "/v2/org/app/";
    if (!request.target.starts_with(prefix)) return connection.respond(404, "");
    const std::string what = request.target.substr(prefix.size());
    if (what.starts_with("tags/list")) return serve_tags(what, connection);
    if (request.method == "HEAD" && !answers_head) return connection.respond(405, "");
    const auto found = content_.find(what);
    if (found == content_.end()) {
      return connection.respond(
          404, R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"no such thing"}]})");
    }
    if (what.starts_with("blobs/") && !blob_redirect.empty()) {
      return connection.respond(307, std::string(2000, 'x'),
                                fmt::format("Location: {}{}\r\n", blob_redirect, what.substr(6)));
    }
    const std::string digest =
        fmt::format("Docker-Content-Digest: {}\r\n", OciDigest::of(found->second).str());
    if (request.method == "HEAD") {
      return connection.send(fmt::format("HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n\r\n", digest,
                                         found->second.size()));
    }
    connection.respond(200, found->second, digest);
  }

  // Two at a time.
  void serve_tags(const std::string& what, LoopbackConnection& connection) {
    const std::size_t last = what.find("last=");
    const std::size_t from = last == std::string::npos ? 0 : std::stoul(what.substr(last + 5));
    std::string list;
    for (std::size_t i = from; i < std::min(from + 2, tags.size()); ++i) {
      list += fmt::format("{}\"{}\"", i > from ? "," : "", tags[i]);
    }
    const std::string link =
        from + 2 < tags.size()
            ? fmt::format("Link: </v2/org/app/tags/list?n=2&last={}>; rel=\"next\"\r\n", from + 2)
            : std::string();
    connection.respond(200, fmt::format(R"({{"name":"org/app","tags":[{}]}})", list), link);
  }

  std::map<std::string, std::string> content_;
};

}  // namespace primocane

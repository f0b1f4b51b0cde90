// SPDX-License-Identifier: Apache-2.0
#include "source/oci_registry.hpp"

#include "base/sha256.hpp"
#include "http/url_origin.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace primocane {

namespace {

constexpr int registry_redirects_max = 10;  // as Go's client
constexpr int tag_pages_max = 200;
constexpr std::size_t tags_max = 200'000;
constexpr int nested_indexes_max = 3;
constexpr ByteCount answer_usual_max{16UL * 1024 * 1024};
constexpr ByteCount token_answer_max{256UL * 1024};
constexpr std::string_view manifest_types =
    "Accept: application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr std::string_view registry_client = "User-Agent: primocane";

TlsSettings tls_of(const RegistryAccess& access) {
  TlsSettings tls = access.tls;
  // As source-controller: `insecure` waives the proof only where nothing says who may give it.
  const bool names_nobody = tls.ca_pem.empty() && tls.certificate_pem.empty();
  if (access.security == RegistrySecurity::waived && names_nobody) {
    tls.server_proof = ServerProof::waived;
  }
  return tls;
}

// Where a redirect leads; TLS is not left on the way.
Result<std::string> redirected(const std::string& from, const HttpResponse& response) {
  const Result<UrlOrigin> to = origin_of(response.redirect_url);
  if (!to) {
    return fail(ErrorKind::denied, fmt::format("it redirects to {}", to.error().message));
  }
  if (from.starts_with("https:") && to->scheme != "https") {
    return fail(ErrorKind::denied,
                fmt::format("it redirects to {}, which has no TLS", to_string(*to)));
  }
  return response.redirect_url;
}

// Counts and hashes what a blob's sink is given.
class BlobCheck {
 public:
  BlobCheck(const OciDescriptor& blob, const BodySink& sink) : blob_(blob), sink_(sink) {}

  Result<void> take(std::string_view piece) {
    size_ += piece.size();
    if (ByteCount(size_) > blob_.size) return wrong();
    hash_.add(piece);
    return sink_(piece);
  }
  Result<void> finish() {
    if (ByteCount(size_) != blob_.size || to_hex(hash_.finish()) != blob_.digest.hex()) {
      return wrong();
    }
    return {};
  }

 private:
  [[nodiscard]] std::unexpected<Error> wrong() const {
    return fail(
        ErrorKind::denied,
        fmt::format("what the registry sends for blob {} is something else", blob_.digest.str()));
  }

  const OciDescriptor& blob_;
  const BodySink& sink_;
  Sha256Stream hash_;
  std::uint64_t size_ = 0;
};

}  // namespace

struct OciRegistry::Request {
  std::string method = "GET";
  std::string path;
  std::string accept;  // a header, or ""
  ByteCount answer_max = answer_usual_max;
  BodySink sink;
};

OciRegistry::OciRegistry(EventLoop& loop, OciUrl url, RegistryAccess access)
    : loop_(loop),
      url_(std::move(url)),
      access_(std::move(access)),
      auth_(access_.login, url_.repository(), access_.security),
      client_(std::make_unique<HttpClient>(loop_, tls_of(access_), HttpVersion::http1)) {}

OciRegistry::~OciRegistry() = default;

Task<Result<OciDigest>> OciRegistry::look_up(std::string tag) {
  Request request;
  request.method = "HEAD";
  request.path = path_of("manifests/" + tag);
  request.accept = manifest_types;
  const Result<HttpResponse> head = co_await ask(request);
  if (head) {
    Result<OciDigest> digest = OciDigest::parse(head->header("Docker-Content-Digest"));
    if (digest) co_return digest;
  } else if (head.error().kind == ErrorKind::unavailable) {
    co_return std::unexpected(head.error());
  }
  // Not every registry answers a HEAD, and none says more in it than a status.
  request.method = "GET";
  request.answer_max = manifest_size_max;
  CO_TRY(const HttpResponse whole, co_await ask(request));
  co_return OciDigest::of(whole.body);
}

Task<Result<OciManifest>> OciRegistry::manifest(OciDigest digest) {
  for (int depth = 0; depth < nested_indexes_max; ++depth) {
    CO_TRY(const std::string text, co_await fetch_manifest(digest));
    Result<OciContent> content = read_oci_manifest(text);
    if (!content) co_return about(content.error());
    if (auto* manifest = std::get_if<OciManifest>(&*content)) co_return std::move(*manifest);
    digest = std::get<OciDescriptor>(*content).digest;
  }
  co_return about(ErrorKind::invalid, "its indexes lead to indexes only");
}

Task<Result<std::string>> OciRegistry::fetch_manifest(OciDigest digest) {
  Request request;
  request.path = path_of("manifests/" + digest.str());
  request.accept = manifest_types;
  request.answer_max = manifest_size_max;
  CO_TRY(HttpResponse response, co_await ask(std::move(request)));
  if (OciDigest::of(response.body) != digest) {
    co_return about(ErrorKind::denied, fmt::format("what the registry sends for manifest {} is "
                                                   "something else",
                                                   digest.str()));
  }
  co_return std::move(response.body);
}

Task<Result<std::vector<std::string>>> OciRegistry::tags() {
  std::vector<std::string> all;
  Request request;
  request.path = path_of("tags/list?n=1000");
  for (int page = 0; page < tag_pages_max; ++page) {
    CO_TRY(const HttpResponse response, co_await ask(request));
    const Result<std::vector<std::string>> tags = read_tag_list(response.body);
    if (!tags) co_return about(tags.error());
    all.insert(all.end(), tags->begin(), tags->end());
    if (all.size() > tags_max) break;
    CO_TRY(request.path, next_page(response));
    if (request.path.empty()) co_return all;
  }
  co_return about(ErrorKind::invalid, fmt::format("has more than {} tags, or more than {} pages "
                                                  "of them",
                                                  tags_max, tag_pages_max));
}

Task<Result<void>> OciRegistry::blob(OciDescriptor blob, BodySink sink) {
  BlobCheck check(blob, sink);
  Request request;
  request.path = path_of("blobs/" + blob.digest.str());
  // The check bounds the blob; what a redirect says beside it may be longer than a small one.
  request.answer_max = ByteCount(blob.size.count() + error_body_max);
  request.sink = [&check](std::string_view piece) { return check.take(piece); };
  CO_TRY(const HttpResponse response, co_await ask(std::move(request)));
  const Result<void> checked = check.finish();
  if (!checked) co_return about(checked.error());
  co_return Result<void>();
}

Task<Result<std::string>> OciRegistry::small_blob(OciDescriptor blob) {
  if (blob.size > manifest_size_max) {
    co_return about(ErrorKind::invalid,
                    fmt::format("blob {} has {}: expected at most {}", blob.digest.str(),
                                to_string(blob.size), to_string(manifest_size_max)));
  }
  std::string content;
  BodySink sink = [&content](std::string_view piece) -> Result<void> {
    content += piece;
    return {};
  };
  CO_CHECK(co_await this->blob(std::move(blob), std::move(sink)));
  co_return content;
}

// Sends the request with what the registry wants to be told, and once more if that is news.
Task<Result<HttpResponse>> OciRegistry::ask(Request request) {
  if (auth_.needs_token(loop_.clock().now())) CO_CHECK(co_await fetch_token());
  Result<HttpResponse> response = co_await first_exchange(&request);
  if (response && response->status == 401) {
    const Result<bool> may_help = auth_.take_challenge(*response);
    if (!may_help) co_return about(may_help.error());
    if (*may_help) {
      if (auth_.needs_token(loop_.clock().now())) CO_CHECK(co_await fetch_token());
      response = co_await exchange(&request);
    }
  }
  if (response && !response->is_success()) co_return about(refusal(*response));
  co_return response;
}

Task<Result<void>> OciRegistry::fetch_token() {
  Result<HttpRequest> request = auth_.token_request();
  if (!request) co_return about(request.error());
  request->headers.emplace_back(registry_client);
  request->proxy = access_.proxy;
  request->timeout = access_.timeout;
  request->response_max = token_answer_max;
  const SteadyTime sent_at = loop_.clock().now();
  const Result<HttpResponse> response = co_await client_->send(std::move(*request));
  if (!response) co_return about(with_context("the token server", response.error()));
  const Result<void> taken = auth_.take_token(*response, sent_at);
  if (!taken) co_return about(taken.error());
  co_return Result<void>();
}

// By HTTPS; where a registry without TLS is near or allowed, by HTTP if that fails (pkg/v1/remote,
// transport.Ping).
Task<Result<HttpResponse>> OciRegistry::first_exchange(const Request* request) {
  const bool may_be_plain = access_.security == RegistrySecurity::waived || url_.is_near();
  const bool is_known = !scheme_.empty();
  if (!is_known) scheme_ = "https";
  Result<HttpResponse> secure = co_await exchange(request);
  if (secure || is_known) co_return secure;
  scheme_.clear();
  if (!may_be_plain) co_return secure;
  scheme_ = "http";
  Result<HttpResponse> plain = co_await exchange(request);
  // What a server says to whom its HTTP is no TLS.
  constexpr int bad_request = 400;
  if (plain && plain->status != bad_request) co_return plain;
  scheme_.clear();
  if (plain) co_return secure;
  // A certificate that does not hold is what is to be mended, and not that there is TLS.
  co_return secure.error().kind == ErrorKind::denied ? std::move(secure) : std::move(plain);
}

Task<Result<HttpResponse>> OciRegistry::exchange(const Request* request) {
  std::string url = origin() + request->path;
  for (int redirects = 0; redirects <= registry_redirects_max; ++redirects) {
    Result<HttpRequest> http = http_request(*request, url);
    if (!http) co_return about(http.error());
    Result<HttpResponse> response = co_await client_->send(std::move(*http), request->sink);
    if (!response) co_return about(response.error());
    if (response->redirect_url.empty()) co_return response;
    Result<std::string> target = redirected(url, *response);
    if (!target) co_return about(target.error());
    url = std::move(*target);
  }
  co_return about(ErrorKind::denied,
                  fmt::format("it redirects more than {} times", registry_redirects_max));
}

Result<HttpRequest> OciRegistry::http_request(const Request& request,
                                              const std::string& url) const {
  HttpRequest http;
  http.method = request.method;
  http.url = url;
  http.headers = {std::string(registry_client)};
  if (!request.accept.empty()) http.headers.push_back(request.accept);
  http.wanted_headers = {"WWW-Authenticate", "Docker-Content-Digest", "Link"};
  http.proxy = access_.proxy;
  http.timeout = access_.timeout;
  http.response_max = request.answer_max;
  const UrlOrigin own = TRY(origin_of(origin()));
  const UrlOrigin asked = TRY(origin_of(url));
  // Stores of blobs are somebody else, and their URLs have a signature of their own.
  if (asked == own) TRY(auth_.sign(http));
  return http;
}

// The path behind rel="next" in the header Link, "" if there is none. Source: distribution-spec,
// "Listing Tags"; it must be the same registry's, as in pkg/v1/remote.
Result<std::string> OciRegistry::next_page(const HttpResponse& response) const {
  const std::string_view link = response.header("Link");
  const std::size_t begin = link.find('<');
  const std::size_t end = link.find('>');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return "";
  std::string target(link.substr(begin + 1, end - begin - 1));
  const std::string own = origin();
  if (target.starts_with(own + '/')) target.erase(0, own.size());
  if (target.empty() || target.starts_with('/')) return target;
  return about(ErrorKind::denied, "the next page of its tags is at another server");
}

std::string OciRegistry::path_of(std::string_view what) const {
  return fmt::format("/v2/{}/{}", url_.repository(), what);
}

std::string OciRegistry::origin() const { return fmt::format("{}://{}", scheme_, url_.registry()); }

std::unexpected<Error> OciRegistry::about(ErrorKind kind, std::string message) const {
  return about(Error{kind, std::move(message)});
}

std::unexpected<Error> OciRegistry::about(Error error) const {
  return std::unexpected(with_context(url_.str(), std::move(error)));
}

Error OciRegistry::refusal(const HttpResponse& response) const {
  const int status = response.status;
  const std::string complaint = registry_complaint(response.body);
  const std::string said = complaint.empty() ? fmt::format("status {}", status)
                                             : fmt::format("status {}, {}", status, complaint);
  if (status == 401 || status == 403) {
    return {ErrorKind::denied,
            access_.login.is_anonymous()
                ? fmt::format("the registry wants a login ({}): set spec.secretRef", said)
                : fmt::format("the registry does not accept the login ({}): look at the Secret "
                              "of spec.secretRef",
                              said)};
  }
  if (status == 404) {
    return {ErrorKind::denied, fmt::format("the registry has no such artifact ({}): look at "
                                           "spec.url and spec.ref",
                                           said)};
  }
  const bool may_heal = status == 429 || status >= 500;
  const std::string later = response.retry_after ? fmt::format("; it asks to come back in {} s",
                                                               response.retry_after->count())
                                                 : std::string();
  return {may_heal ? ErrorKind::unavailable : ErrorKind::invalid,
          fmt::format("the registry answers with {}{}", said, later)};
}

}  // namespace primocane

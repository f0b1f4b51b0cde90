// SPDX-License-Identifier: Apache-2.0
#include "http/http_client.hpp"

#include "http/curl_multi.hpp"
#include "http/curl_transfer.hpp"
#include "http/gzip.hpp"
#include "http/url_origin.hpp"

#include <utility>

namespace primocane {

namespace {

void compress_body(HttpRequest& request) {
  std::optional<std::string> packed = gzip_if_smaller(request.body);
  if (!packed) return;
  request.body = std::move(*packed);
  request.headers.emplace_back("Content-Encoding: gzip");
}

// 301, 302 and 303 let a client turn a POST into a GET; nobody here wants that, so only what has
// no body follows them (RFC 9110 15.4).
bool is_followable(const HttpRequest& request, int status) {
  switch (status) {
    case 301:
    case 302:
    case 303:
      return request.method == "GET" || request.method == "HEAD";
    case 307:
    case 308:
      return true;
    default:
      return false;
  }
}

}  // namespace

HttpClient::HttpClient(EventLoop& loop, TlsSettings tls, HttpVersion version)
    : loop_(loop), tls_(std::move(tls)), multi_(std::make_unique<CurlMulti>(loop, version)) {}

HttpClient::~HttpClient() = default;

std::uint64_t HttpClient::requests_sent() const { return multi_->started(); }

Task<Result<HttpResponse>> HttpClient::send(HttpRequest request, BodySink sink, BodyGate* gate) {
  if (request.compress_body) compress_body(request);
  const Deadline deadline = Deadline::in(loop_.clock(), request.timeout);
  int redirects = 0;
  int resends = 0;
  while (true) {
    CO_TRY(const UrlOrigin origin, origin_of(request.url));
    std::optional<Duration> left;
    if (request.timeout > std::chrono::milliseconds::zero()) left = deadline.left(loop_.clock());
    CurlTransfer transfer({.loop = loop_,
                           .multi = *multi_,
                           .tls = tls_,
                           .request = request,
                           .sink = sink,
                           .gate = gate},
                          origin);
    CO_CHECK(transfer.start(left));
    Completion<Result<HttpResponse>>& outcome = transfer.outcome();
    Result<HttpResponse> response = co_await outcome;
    if (!response && transfer.was_broken() && resends < request.resends_max) {
      ++resends;
      continue;
    }
    if (!response || redirects >= request.redirects_max || response->redirect_url.empty() ||
        !is_followable(request, response->status)) {
      co_return response;
    }
    const Result<UrlOrigin> target = origin_of(response->redirect_url);
    if (!target || !may_redirect(origin, *target)) co_return response;
    request.url = response->redirect_url;
    ++redirects;
  }
}

}  // namespace primocane

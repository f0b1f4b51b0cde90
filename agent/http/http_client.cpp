// SPDX-License-Identifier: Apache-2.0
#include "http/http_client.hpp"

#include "http/curl_multi.hpp"
#include "http/curl_transfer.hpp"
#include "http/gzip.hpp"
#include "http/url_origin.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

void compress_body(HttpRequest& request) {
  std::optional<std::string> packed = gzip_if_smaller(request.body);
  if (!packed) return;
  request.body = std::move(*packed);
  request.headers.emplace_back("Content-Encoding: gzip");
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &HttpHeader::name);
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

HttpClient::HttpClient(EventLoop& loop, TlsSettings tls, HttpVersion version)
    : loop_(loop), tls_(std::move(tls)), multi_(std::make_unique<CurlMulti>(loop, version)) {}

HttpClient::~HttpClient() = default;

bool HttpClient::is_sharing() const { return multi_->is_sharing(); }

std::uint64_t HttpClient::requests_sent() const { return multi_->started(); }

Task<Result<HttpResponse>> HttpClient::send(HttpRequest request, BodySink sink, BodyGate* gate) {
  if (request.compress_body) compress_body(request);
  const Deadline deadline = Deadline::in(loop_.clock(), request.timeout);
  CO_TRY(const UrlOrigin origin, origin_of(request.url));
  for (int resends = 0;; ++resends) {
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
    const bool is_final = response || !transfer.was_broken() || resends >= request.resends_max;
    if (is_final) co_return response;
  }
}

}  // namespace primocane

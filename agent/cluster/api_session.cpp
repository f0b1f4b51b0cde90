// SPDX-License-Identifier: Apache-2.0
#include "cluster/api_session.hpp"

#include "cluster/status_error.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace primocane {

namespace {

constexpr int too_many_requests = 429;
constexpr int first_server_error = 500;

// Tokens of service accounts are renewed long before they end; client-go reads them this often.
constexpr std::chrono::minutes token_age_max{1};

bool is_on_this_machine(std::string_view server) {
  constexpr std::array<std::string_view, 3> hosts = {"https://127.0.0.1", "https://localhost",
                                                     "https://[::1]"};
  return std::ranges::any_of(hosts,
                             [&](std::string_view host) { return server.starts_with(host); });
}

std::string without_line_end(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

// How long the server wants us to wait before we send the same again.
std::optional<Duration> wait_asked_for(const HttpResponse& response) {
  if (response.status != too_many_requests && response.status < first_server_error) {
    return std::nullopt;
  }
  return response.retry_after;
}

}  // namespace

ApiSession::ApiSession(EventLoop& loop, ClusterAccess access, FileReader read_file,
                       KubeApiSettings settings)
    : loop_(loop),
      access_(std::move(access)),
      read_file_(std::move(read_file)),
      settings_(settings),
      is_local_(is_on_this_machine(access_.server)),
      http_(loop, access_.tls, HttpVersion::http2_one) {}

Task<Result<HttpResponse>> ApiSession::send(HttpRequest request, BodySink sink) {
  const Deadline deadline = Deadline::in(loop_.clock(), settings_.request_timeout);
  request.url = access_.server + request.url;
  request.proxy = access_.proxy;
  request.connect_timeout = settings_.connect_timeout;
  request.resends_max = settings_.attempts_max - 1;
  // Audit logs and the server's own metrics tell clients apart by it.
  request.headers.emplace_back("User-Agent: primocane");
  // On the loopback interface packing and unpacking costs more than the bytes.
  if (is_local_) request.headers.emplace_back("Accept-Encoding: identity");
  bool has_new_token = false;
  for (int attempt = 1;; ++attempt) {
    HttpRequest sent = request;
    CO_CHECK(add_credentials(sent));
    sent.timeout =
        std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline.left(loop_.clock())),
                 std::chrono::milliseconds(1));
    Result<HttpResponse> response = co_await http_.send(std::move(sent), sink);
    is_answering_ = response.has_value() || response.error().kind != ErrorKind::unavailable;
    if (!response) co_return std::unexpected(with_context("API server", response.error()));
    if (response->status == http_unauthorized && !has_new_token && forget_token()) {
      has_new_token = true;
      continue;
    }
    const std::optional<Duration> wait = wait_asked_for(*response);
    if (!wait || attempt >= settings_.attempts_max || *wait >= deadline.left(loop_.clock())) {
      co_return response;
    }
    co_await sleep_for(loop_, *wait);
  }
}

Result<void> ApiSession::add_credentials(HttpRequest& request) {
  if (access_.token_file.empty()) {
    request.bearer_token = access_.bearer_token;
    request.username = access_.username;
    request.password = access_.password;
    return {};
  }
  const SteadyTime now = loop_.clock().now();
  if (token_.empty() || now - token_read_at_ >= token_age_max) {
    token_ = without_line_end(TRY(read_file_(access_.token_file)));
    token_read_at_ = now;
  }
  request.bearer_token = token_;
  return {};
}

// False where there is no file from which a newer one could come.
bool ApiSession::forget_token() {
  if (access_.token_file.empty()) return false;
  token_.clear();
  return true;
}

}  // namespace primocane

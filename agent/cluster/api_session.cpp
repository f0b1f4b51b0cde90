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

// libcurl has at most 100 streams on a connection (CURLMOPT_MAX_CONCURRENT_STREAMS), kube-apiserver
// allows 100 or more; requests keep their part of the first one.
constexpr std::size_t streams_max = 64;

// A server tells each minute how far it has come, if it can; the next stream goes on where this
// was.
constexpr std::chrono::minutes quiet_stream_max{5};

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
      is_local_(is_on_this_machine(access_.server)) {
  connections_.push_back({.http = make_client(HttpVersion::http2_one)});
}

std::unique_ptr<HttpClient> ApiSession::make_client(HttpVersion version) {
  return std::make_unique<HttpClient>(loop_, access_.tls, version);
}

void ApiSession::address(HttpRequest& request) const {
  request.url = access_.server + request.url;
  request.proxy = access_.proxy;
  request.connect_timeout = settings_.connect_timeout;
  // Audit logs and the server's own metrics tell clients apart by it.
  request.headers.emplace_back("User-Agent: primocane");
  // On the loopback interface packing and unpacking costs more than the bytes.
  if (is_local_) request.headers.emplace_back("Accept-Encoding: identity");
}

Task<Result<HttpResponse>> ApiSession::send(HttpRequest request, BodySink sink) {
  const Deadline deadline = Deadline::in(loop_.clock(), settings_.request_timeout);
  address(request);
  request.resends_max = settings_.attempts_max - 1;
  bool has_new_token = false;
  for (int attempt = 1;; ++attempt) {
    HttpRequest sent = request;
    CO_CHECK(add_credentials(sent));
    sent.timeout =
        std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline.left(loop_.clock())),
                 std::chrono::milliseconds(1));
    Result<HttpResponse> response = co_await connections_.front().http->send(std::move(sent), sink);
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

// One place on the first connection that has one, for as long as it lives. A connection stays once
// it is made: another stream will come.
class ApiSession::StreamSlot {
 public:
  explicit StreamSlot(ApiSession& session) : connection_(find(session)) { ++connection_.streams; }
  StreamSlot(const StreamSlot&) = delete;
  StreamSlot& operator=(const StreamSlot&) = delete;
  ~StreamSlot() { --connection_.streams; }

  [[nodiscard]] HttpClient& http() const { return *connection_.http; }

 private:
  static Connection& find(ApiSession& session) {
    for (Connection& connection : session.connections_) {
      if (connection.streams < streams_max) return connection;
    }
    // The first has found out what the server speaks.
    const bool is_sharing = session.connections_.front().http->is_sharing();
    const HttpVersion version = is_sharing ? HttpVersion::http2_one : HttpVersion::http1;
    return session.connections_.emplace_back(Connection{.http = session.make_client(version)});
  }

  Connection& connection_;
};

Task<Result<HttpResponse>> ApiSession::stream(HttpRequest request, BodySink sink) {
  address(request);
  request.timeout = std::chrono::milliseconds::zero();
  request.stall_timeout = quiet_stream_max;
  request.response_max = ByteCount(0);
  CO_CHECK(add_credentials(request));
  const StreamSlot slot(*this);
  Result<HttpResponse> response = co_await slot.http().send(std::move(request), std::move(sink));
  if (!response) co_return std::unexpected(with_context("API server", response.error()));
  if (response->status == http_unauthorized) token_.clear();
  co_return response;
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

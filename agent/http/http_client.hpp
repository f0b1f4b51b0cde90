// SPDX-License-Identifier: Apache-2.0
// HttpClient: HTTP/1.1 and HTTP/2 requests as Tasks, by one curl_multi on the event loop.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

class CurlMulti;

/// Whether the server must prove who it is.
enum class ServerProof : std::uint8_t {
  required,
  waived,  ///< any certificate will do: only where the user has asked for just that
};

/// How a server proves itself and how we prove ourselves to it. Files are named by path; blobs
/// hold PEM and win over files.
struct TlsSettings {
  std::string ca_file;  ///< "" for the system's bundle
  std::string ca_pem;
  std::string certificate_file;
  std::string certificate_pem;
  std::string key_file;
  std::string key_pem;
  std::string server_name;  ///< checked instead of the URL's host, if set
  ServerProof server_proof = ServerProof::required;

  bool operator==(const TlsSettings&) const = default;
};

enum class HttpVersion : std::uint8_t {
  http1,      ///< HTTP/1.1 on connections of their own
  http2_one,  ///< one HTTP/2 connection for all requests to a host; HTTP/1.1 where it has none
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;         ///< "Name: value"; never logged
  std::vector<std::string> wanted_headers;  ///< names of those that the response shall hold
  std::string body;
  bool compress_body = false;  ///< gzip it where that makes it smaller
  std::string username;        ///< basic authentication, never sent to another host
  std::string password;
  std::string bearer_token;
  std::string proxy;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{30'000};        ///< for the whole exchange; 0: none
  std::chrono::milliseconds stall_timeout{30'000};  ///< without a byte received; 0: none
  /// How often to send again when the connection breaks before the sink was given anything. Only
  /// for what may safely arrive twice.
  int resends_max = 0;
  ByteCount response_max{64ULL * 1024 * 1024};  ///< after decompression; 0: none
  /// Called when the headers of a successful (2xx) response are there: whoever waits for what a
  /// server will say some time learns by it that it listens. It must not end the transfer.
  std::function<void()> on_success;
};

/// What is kept of the body of an unsuccessful response to a request with a sink; the rest is read
/// and dropped.
inline constexpr std::size_t error_body_max = 256UL * 1024;

/// A header of a response, under the name by which the request asked for it.
struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpResponse {
  int status = 0;
  std::string body;  ///< empty where a sink took it; see error_body_max
  std::string content_type;
  std::string redirect_url;  ///< where a 3xx points, absolute; else ""
  std::optional<std::chrono::seconds> retry_after;
  std::uint64_t bytes_received = 0;  ///< on the wire, of headers and body
  std::uint64_t bytes_sent = 0;
  std::vector<HttpHeader>
      headers;  ///< those of HttpRequest::wanted_headers that came, each as often as it came

  [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }
  /// The first value of a wanted header; "" if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Takes the body of a successful (2xx) response piece by piece; an error stops the transfer and
/// becomes the request's. Bodies of other statuses go to HttpResponse::body, up to error_body_max.
using BodySink = std::function<Result<void>(std::string_view piece)>;

/// Holds one transfer back while whoever takes its body is busy. It starts open; while it is closed
/// the sink is not called and, once the buffers are full, nothing is read from the connection. Time
/// spent closed does not count as a stall. Must outlive the send() that it was given to.
class BodyGate {
 public:
  void close() { is_open_ = false; }
  void open() {
    is_open_ = true;
    if (opened_) opened_();
  }
  [[nodiscard]] bool is_open() const { return is_open_; }
  /// What to call when it opens; HttpClient sets and clears it.
  void on_open(std::function<void()> opened) { opened_ = std::move(opened); }

 private:
  bool is_open_ = true;
  std::function<void()> opened_;
};

/// Sends requests. All requests of one client share TLS settings and connections. Belongs to the
/// loop's thread; destroying a waiting send() withdraws the request.
class HttpClient {
 public:
  HttpClient(EventLoop& loop, TlsSettings tls, HttpVersion version);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// Sends `request` and returns the response, whatever its status; redirects are the caller's to
  /// follow. `unavailable` when there was no complete response (refused, reset, timed out, cut),
  /// `denied` for a certificate that does not hold, `invalid` for a bad URL or a body over the
  /// limit.
  /// `gate` (borrowed, optional) holds the calls of `sink` back while it is closed.
  Task<Result<HttpResponse>> send(HttpRequest request, BodySink sink = {},
                                  BodyGate* gate = nullptr);

  /// Whether all requests share one connection: false with HTTP/1.1, and once the server turned out
  /// to have no HTTP/2.
  [[nodiscard]] bool is_sharing() const;

  /// Requests sent since the start: what benches and tests count.
  [[nodiscard]] std::uint64_t requests_sent() const;

 private:
  EventLoop& loop_;
  TlsSettings tls_;
  std::unique_ptr<CurlMulti> multi_;
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// CurlTransfer: one exchange with a server, from its options to its response.
#pragma once

#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "http/curl_handles.hpp"
#include "http/http_client.hpp"
#include "http/url_origin.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

class CurlMulti;

/// What a transfer is made of, all borrowed for as long as it lives.
struct TransferParts {
  EventLoop& loop;
  CurlMulti& multi;
  const TlsSettings& tls;
  const HttpRequest& request;
  const BodySink& sink;
  BodyGate* gate = nullptr;  ///< null where nothing holds the body back
};

/// One exchange. Stays where it is; destroying it withdraws it from the CurlMulti.
class CurlTransfer {
 public:
  CurlTransfer(TransferParts parts, UrlOrigin origin);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;
  ~CurlTransfer();

  /// Sends the request; the response arrives in outcome(). Gives up after `left`, if there is one.
  [[nodiscard]] Result<void> start(std::optional<Duration> left);
  [[nodiscard]] Completion<Result<HttpResponse>>& outcome() { return outcome_; }

  /// True after the connection broke before the sink was given anything.
  [[nodiscard]] bool was_broken() const { return was_broken_; }

  // What CurlMulti needs.

  [[nodiscard]] CURL* handle() const { return easy_.get(); }
  /// Gives the handle up to be closed later, because libcurl is in the middle of it. Its callbacks
  /// find nothing to call any more.
  [[nodiscard]] CurlEasy abandon_handle();
  /// libcurl is done with the transfer. May destroy this object.
  void finish(CURLcode code);

 private:
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);

  void take_header(std::string_view line);
  std::size_t take_body(std::string_view piece);
  void keep(std::string_view piece);
  [[nodiscard]] int status() const;
  [[nodiscard]] HttpResponse response();
  void go_on();
  void stop_watching();
  void watch_for_stalls();
  void check_for_stall();
  void give_up(std::string why);

  TransferParts parts_;
  UrlOrigin origin_;
  CurlEasy easy_;
  CurlList headers_;
  CurlList connect_to_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  Completion<Result<HttpResponse>> outcome_;
  std::optional<Error> failure_;  // ours, from a callback: libcurl only hears that it must stop
  std::string body_;
  std::uint64_t body_bytes_ = 0;
  bool has_fed_sink_ = false;
  bool was_broken_ = false;
  bool is_over_ = false;
  std::int64_t bytes_sent_seen_ = 0;
  SteadyTime last_progress_;
  std::unique_ptr<Registration> whole_timer_;
  std::unique_ptr<Registration> stall_timer_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace primocane

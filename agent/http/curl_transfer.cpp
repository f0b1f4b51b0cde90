// SPDX-License-Identifier: Apache-2.0
#include "http/curl_transfer.hpp"

#include "http/curl_multi.hpp"
#include "http/curl_options.hpp"
#include "http/transfer_error.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr int first_success = 200;
constexpr int last_success = 299;
constexpr int looks_per_stall = 8;

template <typename T>
T info_of(CURL* easy, CURLINFO info) {
  T value{};
  curl_easy_getinfo(easy, info, &value);
  return value;
}

std::string text_of(CURL* easy, CURLINFO info) {
  const char* text = info_of<const char*>(easy, info);
  return text == nullptr ? std::string() : std::string(text);
}

// The bounds on all headers of a response are libcurl's own (300 KiB).
std::vector<HttpHeader> headers_of(CURL* easy, const std::vector<std::string>& wanted) {
  std::vector<HttpHeader> headers;
  for (const std::string& name : wanted) {
    curl_header* header = nullptr;
    constexpr int of_last_response = -1;
    for (std::size_t i = 0; curl_easy_header(easy, name.c_str(), i, CURLH_HEADER, of_last_response,
                                             &header) == CURLHE_OK;
         ++i) {
      headers.push_back({.name = name, .value = header->value});
    }
  }
  return headers;
}

std::string in_seconds(Duration duration) {
  return fmt::format("{}", std::chrono::duration_cast<std::chrono::duration<double>>(duration));
}

}  // namespace

CurlTransfer::CurlTransfer(TransferParts parts, UrlOrigin origin)
    : parts_(parts), origin_(std::move(origin)), easy_(curl_easy_init()) {}

CurlTransfer::~CurlTransfer() {
  if (parts_.gate != nullptr) parts_.gate->on_open({});
  if (easy_) parts_.multi.remove(*this);
}

Result<void> CurlTransfer::start(std::optional<Duration> left) {
  CURL* easy = easy_.get();
  auto lists =
      TRY(set_request_options(easy, parts_.request, parts_.tls, parts_.multi.version(), origin_));
  headers_ = std::move(lists.headers);
  connect_to_ = std::move(lists.connect_to);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);

  if (left) {
    whole_timer_ = parts_.loop.after(*left, [this, left] {
      give_up(fmt::format("no complete answer within {}", in_seconds(*left)));
    });
  }
  last_progress_ = parts_.loop.clock().now();
  watch_for_stalls();
  if (parts_.gate != nullptr) {
    // Posted, because whoever opens the gate may have been called by libcurl.
    parts_.gate->on_open([this, alive = std::weak_ptr(alive_)] {
      parts_.loop.post([this, alive] {
        if (!alive.expired()) go_on();
      });
    });
  }
  parts_.multi.add(*this);
  return {};
}

CurlEasy CurlTransfer::abandon_handle() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, nullptr);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, nullptr);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, nullptr);
  return std::move(easy_);
}

void CurlTransfer::go_on() {
  if (is_over_) return;
  last_progress_ = parts_.loop.clock().now();
  watch_for_stalls();
  parts_.multi.resume(*this);
}

void CurlTransfer::finish(CURLcode code) {
  stop_watching();
  if (failure_) return outcome_.complete(std::unexpected(std::move(*failure_)));
  if (code == CURLE_OK) return outcome_.complete(response());
  const TransferFailure failure{
      .code = code,
      .os_error = static_cast<int>(info_of<long>(handle(), CURLINFO_OS_ERRNO)),
      .details = error_text_.data(),
      .proxy = parts_.request.proxy,
      .is_answer_begun = status() != 0};
  was_broken_ = is_broken_connection(code) && !has_fed_sink_;
  outcome_.complete(std::unexpected(to_error(failure, origin_)));
}

HttpResponse CurlTransfer::response() {
  CURL* easy = handle();
  const auto count = [easy](CURLINFO info) {
    return static_cast<std::uint64_t>(std::max<curl_off_t>(0, info_of<curl_off_t>(easy, info)));
  };
  HttpResponse response{
      .status = status(),
      .body = std::move(body_),
      .content_type = text_of(easy, CURLINFO_CONTENT_TYPE),
      .redirect_url = text_of(easy, CURLINFO_REDIRECT_URL),
      .retry_after = std::nullopt,
      .bytes_received = count(CURLINFO_SIZE_DOWNLOAD_T) +
                        static_cast<std::uint64_t>(info_of<long>(easy, CURLINFO_HEADER_SIZE)),
      .bytes_sent = count(CURLINFO_SIZE_UPLOAD_T) +
                    static_cast<std::uint64_t>(info_of<long>(easy, CURLINFO_REQUEST_SIZE)),
      .headers = headers_of(easy, parts_.request.wanted_headers)};
  // Seconds or an HTTP date, as seconds from now (RFC 9110 10.2.3).
  if (const std::uint64_t seconds = count(CURLINFO_RETRY_AFTER); seconds > 0) {
    response.retry_after = std::chrono::seconds(seconds);
  }
  return response;
}

int CurlTransfer::status() const {
  return static_cast<int>(info_of<long>(handle(), CURLINFO_RESPONSE_CODE));
}

std::size_t CurlTransfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  if (self == nullptr) return CURL_WRITEFUNC_ERROR;
  return static_cast<CurlTransfer*>(self)->take_body({bytes, size * count});
}

std::size_t CurlTransfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  if (self == nullptr) return CURL_WRITEFUNC_ERROR;
  static_cast<CurlTransfer*>(self)->take_header({bytes, size * count});
  return size * count;
}

// An empty line ends the headers of a response, of which those before the last (1xx) say nothing.
void CurlTransfer::take_header(std::string_view line) {
  last_progress_ = parts_.loop.clock().now();
  const bool is_success = status() >= first_success && status() <= last_success;
  if (line == "\r\n" && is_success && parts_.request.on_success) parts_.request.on_success();
}

std::size_t CurlTransfer::take_body(std::string_view piece) {
  const bool is_for_sink = parts_.sink && status() <= last_success;
  last_progress_ = parts_.loop.clock().now();
  // libcurl keeps the piece and brings it again once the transfer is resumed.
  if (is_for_sink && parts_.gate != nullptr && !parts_.gate->is_open()) {
    return CURL_WRITEFUNC_PAUSE;
  }
  body_bytes_ += piece.size();
  const std::uint64_t body_max = parts_.request.response_max.count();
  if (body_max > 0 && body_bytes_ > body_max) {
    failure_ = Error{ErrorKind::invalid,
                     fmt::format("{}: the answer is larger than {}", to_string(origin_),
                                 to_string(parts_.request.response_max))};
    return CURL_WRITEFUNC_ERROR;
  }
  if (!is_for_sink) {
    keep(piece);
    return piece.size();
  }
  has_fed_sink_ = true;
  const std::weak_ptr<int> alive = alive_;
  Result<void> taken = parts_.sink(piece);
  if (alive.expired()) return CURL_WRITEFUNC_ERROR;
  if (taken) return piece.size();
  failure_ = std::move(taken).error();
  return CURL_WRITEFUNC_ERROR;
}

// Where the success would go to a sink, memory is not what response_max is meant for.
void CurlTransfer::keep(std::string_view piece) {
  const std::size_t most = parts_.sink ? error_body_max : body_.max_size();
  body_.append(piece.substr(0, most - std::min(most, body_.size())));
}

// A timer of the loop rather than libcurl's low-speed limit, which counts in whole seconds and
// does not know that a closed gate is not the server's fault.
void CurlTransfer::watch_for_stalls() {
  const Duration allowed = parts_.request.stall_timeout;
  if (allowed == Duration::zero()) return;
  // What was sent meanwhile is only seen at a look, so there are several.
  const Duration left =
      std::min(last_progress_ + allowed - parts_.loop.clock().now(), allowed / looks_per_stall);
  stall_timer_ = parts_.loop.after(left, [this] { check_for_stall(); });
}

void CurlTransfer::check_for_stall() {
  // What the gate holds back is looked after again once it opens.
  if (parts_.gate != nullptr && !parts_.gate->is_open()) return stall_timer_.reset();
  const SteadyTime now = parts_.loop.clock().now();
  const auto bytes_sent = info_of<curl_off_t>(handle(), CURLINFO_SIZE_UPLOAD_T);
  if (bytes_sent > bytes_sent_seen_) last_progress_ = now;
  bytes_sent_seen_ = bytes_sent;
  const Duration allowed = parts_.request.stall_timeout;
  if (now - last_progress_ < allowed) return watch_for_stalls();
  give_up(fmt::format("not a byte received for {}", in_seconds(allowed)));
}

void CurlTransfer::stop_watching() {
  is_over_ = true;
  whole_timer_.reset();
  stall_timer_.reset();
}

void CurlTransfer::give_up(std::string why) {
  stop_watching();
  parts_.multi.remove(*this);
  outcome_.complete(fail(ErrorKind::unavailable, fmt::format("{}: {}", to_string(origin_), why)));
}

}  // namespace primocane

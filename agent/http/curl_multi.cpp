// SPDX-License-Identifier: Apache-2.0
#include "http/curl_multi.hpp"

#include "http/curl_transfer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace primocane {

namespace {

// Where the server turns out to speak HTTP/1.1 only, one connection would serialise everything, and
// each watch of what changes keeps one to itself.
constexpr long connections_without_http2 = 128;
constexpr long idle_connections_max = 8;

}  // namespace

CurlMulti::CurlMulti(EventLoop& loop, HttpVersion version)
    : loop_(loop),
      version_(version),
      is_limited_to_one_(version == HttpVersion::http2_one),
      multi_(curl_multi_init()) {
  CURLM* multi = multi_.get();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, idle_connections_max);
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                    is_limited_to_one_ ? 1L : connections_without_http2);
}

CurlMulti::~CurlMulti() = default;

void CurlMulti::add(CurlTransfer& transfer) {
  if (in_curl_) {
    waiting_.push_back(&transfer);
    return;
  }
  ++started_;
  // Only sets a timer of zero; the transfer begins in the next turn of the loop.
  curl_multi_add_handle(multi_.get(), transfer.handle());
}

void CurlMulti::remove(CurlTransfer& transfer) {
  std::erase(waiting_, &transfer);
  if (in_curl_) {
    abandoned_.push_back(transfer.abandon_handle());
  } else {
    curl_multi_remove_handle(multi_.get(), transfer.handle());
  }
}

void CurlMulti::resume(CurlTransfer& transfer) {
  in_curl_ = true;
  curl_easy_pause(transfer.handle(), CURLPAUSE_CONT);
  after_curl();
}

int CurlMulti::on_socket(CURL* /*easy*/, curl_socket_t socket, int what, void* self,
                         void* /*per_socket*/) {
  static_cast<CurlMulti*>(self)->watch_socket(socket, what);
  return 0;
}

int CurlMulti::on_timer(CURLM* /*multi*/, long timeout_ms, void* self) {
  static_cast<CurlMulti*>(self)->set_timer(timeout_ms);
  return 0;
}

void CurlMulti::watch_socket(curl_socket_t socket, int what) {
  sockets_.erase(socket);
  if (what == CURL_POLL_REMOVE || what == CURL_POLL_NONE) return;
  const Readiness interest{.readable = what == CURL_POLL_IN || what == CURL_POLL_INOUT,
                           .writable = what == CURL_POLL_OUT || what == CURL_POLL_INOUT};
  sockets_[socket] = loop_.watch(socket, interest, [this, socket](Readiness ready) {
    act(socket, (ready.readable ? CURL_CSELECT_IN : 0) | (ready.writable ? CURL_CSELECT_OUT : 0));
  });
}

void CurlMulti::set_timer(long timeout_ms) {
  timer_.reset();
  if (timeout_ms < 0) return;
  timer_ =
      loop_.after(std::chrono::milliseconds(timeout_ms), [this] { act(CURL_SOCKET_TIMEOUT, 0); });
}

void CurlMulti::act(curl_socket_t socket, int events) {
  in_curl_ = true;
  int running = 0;
  curl_multi_socket_action(multi_.get(), socket, events, &running);
  after_curl();
}

// Delivering an outcome resumes a coroutine, which may start, withdraw or end anything, this object
// included.
void CurlMulti::after_curl() {
  in_curl_ = false;
  for (const CurlEasy& easy : std::exchange(abandoned_, {})) {
    curl_multi_remove_handle(multi_.get(), easy.get());
  }
  for (CurlTransfer* transfer : std::exchange(waiting_, {})) add(*transfer);
  const std::weak_ptr<int> alive = alive_;
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    note_version(easy);
    curl_multi_remove_handle(multi_.get(), easy);
    CurlTransfer* transfer = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    transfer->finish(code);
    if (alive.expired()) return;
  }
}

void CurlMulti::note_version(CURL* easy) {
  if (version_ != HttpVersion::http2_one) return;
  long spoken = CURL_HTTP_VERSION_NONE;
  curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &spoken);
  if (spoken == CURL_HTTP_VERSION_NONE) return;
  const bool limit_to_one = spoken >= CURL_HTTP_VERSION_2_0;
  if (limit_to_one == std::exchange(is_limited_to_one_, limit_to_one)) return;
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS,
                    limit_to_one ? 1L : connections_without_http2);
}

}  // namespace primocane

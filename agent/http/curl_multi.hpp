// SPDX-License-Identifier: Apache-2.0
// CurlMulti: the transfers of one HttpClient, driven by the event loop's descriptors and timers.
#pragma once

#include "base/event_loop.hpp"
#include "http/curl_handles.hpp"
#include "http/http_client.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace primocane {

class CurlTransfer;

/// Runs transfers. libcurl must not be called from within its own callbacks: what a sink asks for
/// meanwhile waits until libcurl has returned. Belongs to the loop's thread.
class CurlMulti {
 public:
  CurlMulti(EventLoop& loop, HttpVersion version);
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;
  ~CurlMulti();

  [[nodiscard]] HttpVersion version() const { return version_; }
  [[nodiscard]] std::uint64_t started() const { return started_; }
  /// Whether all goes through one connection, as far as that is known.
  [[nodiscard]] bool is_sharing() const { return is_limited_to_one_; }

  void add(CurlTransfer& transfer);
  /// Withdraws the transfer, whatever its state; nothing is delivered to it any more.
  void remove(CurlTransfer& transfer);
  /// Goes on with a transfer that a closed gate held back.
  void resume(CurlTransfer& transfer);

 private:
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* per_socket);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);

  void watch_socket(curl_socket_t socket, int what);
  void set_timer(long timeout_ms);
  void act(curl_socket_t socket, int events);
  void after_curl();
  void note_version(CURL* easy);

  CurlLibrary library_;
  EventLoop& loop_;
  HttpVersion version_;
  bool is_limited_to_one_ = false;
  bool in_curl_ = false;
  std::uint64_t started_ = 0;
  std::vector<CurlTransfer*> waiting_;  // to be added once libcurl has returned
  std::vector<CurlEasy> abandoned_;     // to be removed then
  std::map<curl_socket_t, std::unique_ptr<Registration>> sockets_;
  std::unique_ptr<Registration> timer_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  CurlMultiHandle multi_;  // last, because closing it still calls back
};

}  // namespace primocane

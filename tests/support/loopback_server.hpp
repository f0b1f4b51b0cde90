// SPDX-License-Identifier: Apache-2.0
// LoopbackServer: an HTTP/1.1 server on 127.0.0.1 inside the test, on the test's own event loop.
#pragma once

#include "base/event_loop.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

namespace primocane {

/// A request as it arrived.
struct LoopbackRequest {
  std::string method;
  std::string target;
  std::string head;  ///< request line and headers as they were sent
  std::string body;

  /// The header's value, or "" if it is absent.
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// One connection, to answer on; answers may come at any later time and in pieces. Calls on a
/// connection that has ended do nothing.
class LoopbackConnection {
 public:
  LoopbackConnection() = default;
  LoopbackConnection(const LoopbackConnection&) = delete;
  LoopbackConnection& operator=(const LoopbackConnection&) = delete;
  virtual ~LoopbackConnection() = default;

  /// A whole response with a Content-Length; `headers` are lines that end in "\r\n".
  void respond(int status, std::string_view body, std::string_view headers = {});
  virtual void send(std::string_view bytes) = 0;
  /// Ends the connection once everything is sent.
  virtual void close() = 0;
  /// Resets the connection at once.
  virtual void reset() = 0;
};

using LoopbackConnectionPtr = std::shared_ptr<LoopbackConnection>;

/// Listens on a free port for as long as it lives and hands every complete request to `serve`.
class LoopbackServer {
 public:
  using Serve = std::function<void(const LoopbackRequest&, LoopbackConnectionPtr)>;

  LoopbackServer(EventLoop& loop, Serve serve);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// "http://127.0.0.1:<port>" + `path`.
  [[nodiscard]] std::string url(std::string_view path = "/") const;
  [[nodiscard]] int connections_accepted() const { return accepted_; }
  [[nodiscard]] std::size_t connections_open() const;

 private:
  class Connection;

  void accept_one();

  EventLoop& loop_;
  Serve serve_;
  std::uint16_t port_ = 0;
  int listening_;
  int accepted_ = 0;
  std::list<std::shared_ptr<Connection>> connections_;
  std::unique_ptr<Registration> watch_;
};

/// A port of 127.0.0.1 on which nothing listens.
[[nodiscard]] std::uint16_t port_that_refuses();

}  // namespace primocane

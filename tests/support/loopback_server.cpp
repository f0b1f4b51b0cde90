// SPDX-License-Identifier: Apache-2.0
#include "support/loopback_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

sockaddr_in loopback_address() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int bound_socket(std::uint16_t& port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback_address();
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor, plain, size) != 0 || ::getsockname(descriptor, plain, &size) != 0) {
    std::abort();
  }
  port = ntohs(address.sin_port);
  return descriptor;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b,
                            [](char x, char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::string LoopbackRequest::header(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 2, rest.size()));
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos && equals_ignoring_case(line.substr(0, colon), name)) {
      return std::string(line.substr(colon + 2));
    }
  }
  return {};
}

void LoopbackConnection::respond(int status, std::string_view body, std::string_view headers) {
  send(fmt::format("HTTP/1.1 {} Words\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                   headers, body));
}

class LoopbackServer::Connection final : public LoopbackConnection {
 public:
  Connection(LoopbackServer& server, int descriptor) : server_(server), descriptor_(descriptor) {}
  ~Connection() override { end(); }

  void begin() { watch(); }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

  void send(std::string_view bytes) override {
    if (!is_open()) return;
    unsent_ += bytes;
    write_more();
  }
  void close() override {
    is_closing_ = true;
    if (unsent_.empty()) end();
  }
  void reset() override {
    if (!is_open()) return;
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    end();
  }

 private:
  void end() {
    watch_.reset();
    if (is_open()) ::close(std::exchange(descriptor_, -1));
  }

  void watch() {
    watch_.reset();
    watch_ = server_.loop_.watch(descriptor_, {.readable = true, .writable = !unsent_.empty()},
                                 [this](Readiness ready) {
                                   const auto keep = self();
                                   if (ready.writable) write_more();
                                   if (is_open() && ready.readable) read_more();
                                 });
  }

  std::shared_ptr<Connection> self() {
    const auto found = std::ranges::find(server_.connections_, this,
                                         [](const auto& connection) { return connection.get(); });
    return found == server_.connections_.end() ? nullptr : *found;
  }

  void write_more() {
    const ssize_t sent = ::send(descriptor_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent > 0) unsent_.erase(0, static_cast<std::size_t>(sent));
    if (unsent_.empty() && is_closing_) return end();
    watch();
  }

  void read_more() {
    std::array<char, 65536> buffer{};
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size <= 0) return end();
    received_.append(buffer.data(), static_cast<std::size_t>(size));
    // Whoever tries TLS (a record of a handshake) learns at once that there is none.
    constexpr char handshake = 0x16;
    if (received_.front() == handshake) return reset();
    while (is_open() && take_request()) {
    }
  }

  bool take_request() {
    const std::size_t head_size = received_.find("\r\n\r\n");
    if (head_size == std::string::npos) return false;
    LoopbackRequest request;
    request.head = received_.substr(0, head_size + 2);
    const std::string length = request.header("Content-Length");
    const std::size_t body_size = length.empty() ? 0 : std::stoul(length);
    if (received_.size() < head_size + 4 + body_size) return false;
    request.body = received_.substr(head_size + 4, body_size);
    received_.erase(0, head_size + 4 + body_size);
    request.method = request.head.substr(0, request.head.find(' '));
    const std::size_t target = request.method.size() + 1;
    request.target = request.head.substr(target, request.head.find(' ', target) - target);
    server_.serve_(request, self());
    return true;
  }

  LoopbackServer& server_;
  int descriptor_;
  bool is_closing_ = false;
  std::string received_;
  std::string unsent_;
  std::unique_ptr<Registration> watch_;
};

LoopbackServer::LoopbackServer(EventLoop& loop, Serve serve)
    : loop_(loop), serve_(std::move(serve)), listening_(bound_socket(port_)) {
  if (::listen(listening_, SOMAXCONN) != 0) std::abort();
  watch_ = loop_.watch(listening_, {.readable = true}, [this](Readiness) { accept_one(); });
}

LoopbackServer::~LoopbackServer() {
  // A test may still hold some of them.
  for (const auto& connection : connections_) connection->reset();
  watch_.reset();
  ::close(listening_);
}

std::string LoopbackServer::url(std::string_view path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::size_t LoopbackServer::connections_open() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      connections_, [](const auto& connection) { return connection->is_open(); }));
}

void LoopbackServer::accept_one() {
  const int descriptor = ::accept4(listening_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) return;
  ++accepted_;
  connections_.push_back(std::make_shared<Connection>(*this, descriptor));
  connections_.back()->begin();
}

std::uint16_t port_that_refuses() {
  std::uint16_t port = 0;
  ::close(bound_socket(port));
  return port;
}

}  // namespace primocane

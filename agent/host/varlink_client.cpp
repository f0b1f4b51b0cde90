// SPDX-License-Identifier: Apache-2.0
#include "host/varlink_client.hpp"

#include "base/os_error.hpp"
#include "base/unique_fd.hpp"
#include "host/varlink_message.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <utility>

namespace primocane {

namespace {

Result<UniqueFd> connect_to(const std::string& path, std::chrono::seconds timeout) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return fail(ErrorKind::invalid, fmt::format("{}: longer than a socket's path may be", path));
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return std::unexpected(os_error(path, errno));
  const timeval limit{.tv_sec = timeout.count(), .tv_usec = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return std::unexpected(os_error(path, errno));
  }
  return socket;
}

// The error that the service named, as it was before it was written.
Error read_error(const Value& message) {
  const std::string_view name = message.text_at("error");
  const std::size_t dot = name.rfind('.');
  const std::string_view word = name.substr(dot == std::string_view::npos ? 0 : dot + 1);
  ErrorKind kind = ErrorKind::invalid;
  for (const ErrorKind each :
       {ErrorKind::denied, ErrorKind::conflict, ErrorKind::unavailable, ErrorKind::cancelled}) {
    if (word.size() == to_string(each).size() && word.substr(1) == to_string(each).substr(1)) {
      kind = each;
    }
  }
  const std::string_view text = message.text_at("parameters", "message");
  return {kind, std::string(text.empty() ? name : text)};
}

}  // namespace

Result<Value> call_varlink(const std::string& path, const std::string& method, Value parameters,
                           std::chrono::seconds timeout) {
  const UniqueFd socket = TRY(connect_to(path, timeout));
  const std::string call =
      write_varlink(Object{{"method", method}, {"parameters", std::move(parameters)}});
  for (std::size_t sent = 0; sent < call.size();) {
    const ssize_t count =
        ::send(socket.get(), call.data() + sent, call.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error(path, errno));
    sent += static_cast<std::size_t>(count);
  }
  VarlinkReader reader;
  std::array<char, 16384> piece{};
  for (;;) {
    std::optional<Value> message = TRY(reader.next());
    if (message && message->find("error") != nullptr) {
      return std::unexpected(read_error(*message));
    }
    if (message) {
      const Value* answer = message->find("parameters");
      return answer == nullptr ? Value(Object()) : *answer;
    }
    const ssize_t count = ::recv(socket.get(), piece.data(), piece.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error(path, errno));
    if (count == 0) return fail(ErrorKind::unavailable, fmt::format("{}: it hung up", path));
    reader.add({piece.data(), static_cast<std::size_t>(count)});
  }
}

}  // namespace primocane

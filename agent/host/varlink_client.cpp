// SPDX-License-Identifier: Apache-2.0
#include "host/varlink_client.hpp"

#include "base/letter_case.hpp"
#include "base/os_error.hpp"
#include "base/unique_fd.hpp"
#include "host/socket_address.hpp"
#include "host/varlink_message.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/time.h>
#include <utility>

namespace primocane {

namespace {

Result<UniqueFd> connect_to(const std::string& path, std::chrono::seconds timeout) {
  const sockaddr_un address = TRY(socket_address(path));
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

// What went wrong with a peer that is there.
Error broken_off(const std::string& path, std::chrono::seconds timeout, int error_number) {
  const std::string why = error_number == EAGAIN
                              ? fmt::format("no answer within {} s", timeout.count())
                              : describe_errno(error_number);
  return {ErrorKind::conflict, fmt::format("{}: {}", path, why)};
}

// The error that the service named, as it was before it was written.
Error read_error(const Value& message) {
  const std::string_view name = message.text_at("error");
  const std::size_t dot = name.rfind('.');
  const std::string word(name.substr(dot == std::string_view::npos ? 0 : dot + 1));
  const std::string_view text = message.text_at("parameters", "message");
  return {error_kind_of(in_lower_case(word)).value_or(ErrorKind::invalid),
          std::string(text.empty() ? name : text)};
}

}  // namespace

Result<VarlinkAnswer> call_varlink(const std::string& path, const std::string& method,
                                   Value parameters, std::chrono::seconds timeout) {
  const UniqueFd socket = TRY(connect_to(path, timeout));
  const std::string call =
      write_varlink(Object{{"method", method}, {"parameters", std::move(parameters)}});
  for (std::size_t sent = 0; sent < call.size();) {
    const ssize_t count =
        ::send(socket.get(), call.data() + sent, call.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(broken_off(path, timeout, errno));
    sent += static_cast<std::size_t>(count);
  }
  VarlinkReader reader;
  std::array<char, 16384> piece{};
  for (;;) {
    std::optional<Value> message = TRY(reader.next());
    if (message && message->find("error") != nullptr) {
      return VarlinkAnswer(std::unexpected(read_error(*message)));
    }
    if (message) {
      const Value* answer = message->find("parameters");
      return VarlinkAnswer(answer == nullptr ? Value(Object()) : *answer);
    }
    const ssize_t count = ::recv(socket.get(), piece.data(), piece.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(broken_off(path, timeout, errno));
    if (count == 0) return fail(ErrorKind::conflict, fmt::format("{}: it hung up", path));
    reader.add({piece.data(), static_cast<std::size_t>(count)});
  }
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// AnsweringSocket: a Varlink service of few words, for those who call one and block.
#pragma once

#include "base/unique_fd.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <utility>

namespace primocane {

/// The address of a socket at `path`, which is short enough.
inline sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(path.size() < sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

/// One connection to a service that reads a call and answers with these bytes.
class AnsweringSocket {
 public:
  explicit AnsweringSocket(std::string answer)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_un address = address_of(path);
    REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
    REQUIRE(::listen(socket_.get(), 1) == 0);
    thread_ = std::thread([this, answer = std::move(answer)] {
      const UniqueFd connection(::accept(socket_.get(), nullptr, nullptr));
      std::array<char, 4096> piece{};
      ssize_t count = 0;
      do {
        count = ::recv(connection.get(), piece.data(), piece.size(), 0);
      } while (count > 0 && piece[static_cast<std::size_t>(count) - 1] != '\0');
      ::send(connection.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    });
  }
  AnsweringSocket(const AnsweringSocket&) = delete;
  AnsweringSocket& operator=(const AnsweringSocket&) = delete;
  ~AnsweringSocket() { thread_.join(); }

  TemporaryFolder folder;
  std::string path = folder / "control";

 private:
  UniqueFd socket_;
  std::thread thread_;
};

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The limits and errors of the control socket that docs/control-socket.md states, at both ends.
#include "document/json.hpp"
#include "host/varlink_client.hpp"
#include "host/varlink_message.hpp"
#include "host/varlink_server.hpp"
#include "support/answering_socket.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <vector>

namespace primocane {
namespace {

using namespace std::chrono_literals;

// A service whose methods echo, fail or take three minutes.
struct Served {
  Task<Result<Value>> call(std::string method, Value parameters) {
    ++calls;
    if (method == "Fail") co_return fail(ErrorKind::denied, "not you");
    if (method == "Dawdle") co_await sleep_for(loop, 3min);
    ++answers;
    co_return parameters;
  }

  VarlinkInterface interface() {
    return {.name = "org.example.Echo",
            .description = "interface org.example.Echo\n",
            .version = "1",
            .methods = {"Say", "Fail", "Dawdle"},
            .call = [this](std::string method, Value parameters) {
              return call(std::move(method), std::move(parameters));
            }};
  }

  TestLoop loop;
  TemporaryFolder folder;
  std::string path = folder / "control";
  int calls = 0;
  int answers = 0;
  std::unique_ptr<VarlinkServer> server =
      VarlinkServer::listen(loop, path, "no such group", interface()).value();
};

// A peer that takes turns with the loop.
class Peer {
 public:
  explicit Peer(Served& served)
      : loop_(served.loop), socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_un address = address_of(served.path);
    REQUIRE(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
    loop_.run_until_idle();
  }

  // False when the server has hung up before it took everything.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count =
          ::send(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0 && errno != EAGAIN) return false;
      if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
      loop_.run_until_idle();
    }
    return true;
  }

  // What has been answered by now, each message in a line.
  std::string received() {
    loop_.run_until_idle();
    std::array<char, 65536> piece{};
    std::string text;
    for (;;) {
      const ssize_t count = ::recv(socket_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
      if (count <= 0) break;
      text.append(piece.data(), static_cast<std::size_t>(count));
      loop_.run_until_idle();
    }
    for (char& c : text) c = c == '\0' ? '\n' : c;
    return text;
  }

  std::string call(const std::string& method, Value parameters = Object()) {
    send(write_varlink(Object{{"method", method}, {"parameters", std::move(parameters)}}));
    return received();
  }

  // Says that it sends nothing more, and still reads.
  void end_sending() {
    REQUIRE(::shutdown(socket_.get(), SHUT_WR) == 0);
    loop_.run_until_idle();
  }

  [[nodiscard]] bool was_hung_up_on() {
    loop_.run_until_idle();
    char byte = 0;
    const ssize_t count = ::recv(socket_.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return count == 0 || (count < 0 && errno != EAGAIN);
  }

 private:
  TestLoop& loop_;
  UniqueFd socket_;
};

// A message of so many bytes, without its end.
std::string message_of(std::size_t size) {
  const std::string frame = R"({"method":"org.example.Echo.Say","parameters":{"a":""}})";
  std::string text = frame;
  text.insert(text.size() - 3, size - frame.size(), 'x');
  return text;
}

// What comes of a call to a service that answers so.
Result<Value> call_answered_by(std::string answer) {
  const AnsweringSocket service(std::move(answer));
  const Result<VarlinkAnswer> told =
      call_varlink(service.path, "org.example.Echo.Say", Object(), 10s);
  return told ? *told : std::unexpected(told.error());
}

}  // namespace

TEST_CASE("the control socket is for its owner and group, and replaces one that was left") {
  Served served;
  struct stat status{};
  REQUIRE(::stat(served.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0660);
  served.server.reset();
  CHECK_FALSE(std::filesystem::exists(served.path));
  std::ofstream(served.path) << "left";
  served.server =
      VarlinkServer::listen(served.loop, served.path, "no such group", served.interface()).value();
  Peer peer(served);
  CHECK(peer.call("org.example.Echo.Say") == "{\"parameters\":{}}\n");
}

TEST_CASE("a socket to which another process listens is left to it") {
  Served served;
  const auto second =
      VarlinkServer::listen(served.loop, served.path, "no such group", served.interface());
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::conflict);
  Peer peer(served);
  CHECK(peer.call("org.example.Echo.Say") == "{\"parameters\":{}}\n");
}

TEST_CASE("calls of a connection are answered one after the other") {
  Served served;
  Peer peer(served);
  peer.send(write_varlink(Object{{"method", "org.example.Echo.Dawdle"}}) +
            write_varlink(Object{{"method", "org.example.Echo.Fail"}}));
  CHECK(peer.received().empty());
  served.loop.run_for(3min + 1s);
  CHECK(peer.received() ==
        "{\"parameters\":{}}\n"
        "{\"error\":\"org.example.Echo.Denied\",\"parameters\":{\"message\":\"not you\"}}\n");
}

TEST_CASE("a oneway call is carried out and not answered") {
  Served served;
  Peer peer(served);
  peer.send(write_varlink(Object{{"method", "org.example.Echo.Say"}, {"oneway", true}}));
  CHECK(peer.received().empty());
  CHECK(served.calls == 1);
  CHECK_FALSE(peer.was_hung_up_on());
  peer.send(write_varlink(Object{{"method", "org.example.Echo.Say"}, {"oneway", false}}));
  CHECK(peer.received() == "{\"parameters\":{}}\n");
}

TEST_CASE("an unknown method or interface is an error of Varlink's") {
  Served served;
  Peer peer(served);
  CHECK(peer.call("org.example.Echo.Sing") ==
        "{\"error\":\"org.varlink.service.MethodNotFound\","
        "\"parameters\":{\"method\":\"org.example.Echo.Sing\"}}\n");
  CHECK(served.calls == 0);
  CHECK(peer.call("org.example.Other.Say") ==
        "{\"error\":\"org.varlink.service.InterfaceNotFound\","
        "\"parameters\":{\"interface\":\"org.example.Other\"}}\n");
}

TEST_CASE("a message of 1 MiB is answered, and a longer one hung up on") {
  Served served;
  Peer peer(served);
  std::string message = message_of(varlink_message_max);
  message += '\0';
  REQUIRE(peer.send(message));
  CHECK(peer.received().size() > varlink_message_max - 100);
  Peer other(served);
  other.send(message_of(varlink_message_max + 1) + "x");
  CHECK(other.was_hung_up_on());
  CHECK(served.calls == 1);
}

TEST_CASE("who does not speak Varlink is hung up on") {
  Served served;
  Peer peer(served);
  using namespace std::string_view_literals;
  const std::string_view bytes = GENERATE("GET / HTTP/1.1\0"sv, "[]\0"sv, "{\0"sv, "\xff\0"sv);
  peer.send(bytes);
  CHECK(peer.was_hung_up_on());
  CHECK(served.calls == 0);
}

TEST_CASE("a connection may be idle for a minute, and a call may take longer") {
  Served served;
  Peer idle(served);
  Peer busy(served);
  served.loop.run_for(59s);
  CHECK_FALSE(idle.was_hung_up_on());
  busy.call("org.example.Echo.Dawdle");
  served.loop.run_for(2s);
  CHECK(idle.was_hung_up_on());
  served.loop.run_for(2min);
  CHECK_FALSE(busy.was_hung_up_on());
  served.loop.run_for(1min);
  CHECK(busy.received() == "{\"parameters\":{}}\n");
  served.loop.run_for(1min);
  CHECK(busy.was_hung_up_on());
}

TEST_CASE("sixteen connections may be open, and one that ends makes room") {
  Served served;
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 16; ++i) peers.push_back(std::make_unique<Peer>(served));
  CHECK(peers.back()->call("org.example.Echo.Say") == "{\"parameters\":{}}\n");
  Peer one_too_many(served);
  CHECK(one_too_many.was_hung_up_on());
  peers.pop_back();
  served.loop.run_for(1s);
  Peer next(served);
  CHECK(next.call("org.example.Echo.Say") == "{\"parameters\":{}}\n");
}

TEST_CASE("a peer that hangs up withdraws the call that it waits for") {
  Served served;
  auto peer = std::make_unique<Peer>(served);
  peer->call("org.example.Echo.Dawdle");
  const std::string next = GENERATE("", "org.example.Echo.Say");
  if (!next.empty()) peer->call(next);
  REQUIRE(served.loop.pending() == 1);
  peer.reset();
  served.loop.run_until_idle();
  CHECK(served.loop.pending() == 0);
  CHECK(served.calls == 1);
  CHECK(served.answers == 0);
}

TEST_CASE("sixteen peers that hang up while their calls run make room") {
  Served served;
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 16; ++i) {
    peers.push_back(std::make_unique<Peer>(served));
    peers.back()->call("org.example.Echo.Dawdle");
  }
  peers.clear();
  served.loop.run_until_idle();
  Peer next(served);
  CHECK(next.call("org.example.Echo.Say") == "{\"parameters\":{}}\n");
}

TEST_CASE("a oneway call is carried out although its peer has hung up") {
  Served served;
  {
    Peer peer(served);
    peer.send(write_varlink(Object{{"method", "org.example.Echo.Dawdle"}, {"oneway", true}}));
  }
  served.loop.run_for(3min + 1s);
  CHECK(served.answers == 1);
  CHECK(served.loop.pending() == 0);
}

TEST_CASE("a peer that says that it sends nothing more is answered all it asked") {
  Served served;
  Peer peer(served);
  peer.send(write_varlink(Object{{"method", "org.example.Echo.Dawdle"}}) +
            write_varlink(Object{{"method", "org.example.Echo.Say"}}));
  peer.end_sending();
  served.loop.run_for(3min + 1s);
  CHECK(peer.received() == "{\"parameters\":{}}\n{\"parameters\":{}}\n");
  CHECK(peer.was_hung_up_on());

  // More than the socket takes at once.
  Peer other(served);
  other.send(message_of(varlink_message_max - 100) + std::string(1, '\0'));
  other.end_sending();
  CHECK(other.received().size() > varlink_message_max - 200);
}

TEST_CASE("a server that ends cancels the calls that run") {
  Served served;
  Peer peer(served);
  peer.call("org.example.Echo.Dawdle");
  served.server.reset();
  CHECK(peer.was_hung_up_on());
  CHECK(served.loop.pending() == 0);
}

TEST_CASE("a call returns what was answered") {
  CHECK(write_json(call_answered_by(write_varlink(varlink_reply(Object{{"a", "b"}}))).value()) ==
        R"({"a":"b"})");
}

TEST_CASE("a service's error has its kind and message again") {
  const ErrorKind kind = GENERATE(ErrorKind::invalid, ErrorKind::denied, ErrorKind::conflict,
                                  ErrorKind::unavailable, ErrorKind::cancelled);
  std::string word(to_string(kind));
  word.front() = static_cast<char>(word.front() - 'a' + 'A');
  const AnsweringSocket service(
      write_varlink(varlink_error("org.example.Echo." + word, Object{{"message", "so it is"}})));
  const Result<VarlinkAnswer> answer =
      call_varlink(service.path, "org.example.Echo.Say", Object(), 10s);
  REQUIRE(answer);
  REQUIRE_FALSE(*answer);
  CHECK(answer->error() == Error{kind, "so it is"});
}

TEST_CASE("a service that is not there is unavailable") {
  const TemporaryFolder folder;
  CHECK(call_varlink(folder / "control", "a.b.C", Object(), 1s).error().kind ==
        ErrorKind::unavailable);
}

TEST_CASE("a service that is there and hangs up or says nothing is not taken for none") {
  CHECK(call_answered_by("").error().kind == ErrorKind::conflict);
  CHECK(call_answered_by("{\"parameters\":").error().kind == ErrorKind::conflict);
  const TemporaryFolder folder;
  const std::string path = folder / "control";
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = address_of(path);
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(socket.get(), 1) == 0);
  CHECK(call_varlink(path, "a.b.C", Object(), 1s).error().kind == ErrorKind::conflict);
}

TEST_CASE("an answer that is none, or is too long, is refused") {
  using namespace std::string_literals;
  CHECK(call_answered_by("no\0"s).error().kind == ErrorKind::invalid);
  CHECK(call_answered_by(std::string(varlink_message_max + 2, ' ')).error().kind ==
        ErrorKind::invalid);
}

}  // namespace primocane

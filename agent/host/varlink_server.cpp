// SPDX-License-Identifier: Apache-2.0
#include "host/varlink_server.hpp"

#include "base/os_error.hpp"
#include "host/socket_address.hpp"
#include "host/varlink_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t connections_max = 16;
constexpr Duration idle_max = std::chrono::minutes(1);
constexpr std::string_view service_interface = "org.varlink.service";
// https://varlink.org/Service
constexpr std::string_view service_description = R"(# The Varlink service interface
interface org.varlink.service

method GetInfo() -> (
  vendor: string,
  product: string,
  version: string,
  url: string,
  interfaces: []string
)

method GetInterfaceDescription(interface: string) -> (description: string)

error InterfaceNotFound (interface: string)
error MethodNotFound (method: string)
error MethodNotImplemented (method: string)
error InvalidParameter (parameter: string)
)";

// "dev.primocane.Agent.Denied" for `denied`.
std::string error_name(const std::string& interface, ErrorKind kind) {
  std::string word(to_string(kind));
  word.front() = static_cast<char>(word.front() - 'a' + 'A');
  return fmt::format("{}.{}", interface, word);
}

// Whether `user` is a member of the group, beside having it as its own.
bool is_member(uid_t user, gid_t group) {
  const passwd* entry = ::getpwuid(user);
  if (entry == nullptr) return false;
  std::array<gid_t, 256> groups{};
  auto count = static_cast<int>(groups.size());
  if (::getgrouplist(entry->pw_name, entry->pw_gid, groups.data(), &count) < 0) return false;
  return std::find(groups.begin(), groups.begin() + count, group) != groups.begin() + count;
}

// The socket's mode lets only these in already; a descriptor that was handed on does not count.
bool may_connect(int connection, const std::string& path) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  if (peer.uid == 0 || peer.uid == ::geteuid()) return true;
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return false;
  return peer.gid == status.st_gid || is_member(peer.uid, status.st_gid);
}

// A socket that was left answers nobody.
bool is_listened_to(const sockaddr_un& address) {
  const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
         errno == EAGAIN;
}

}  // namespace

// One peer; its calls are answered one after the other.
class VarlinkServer::Connection {
 public:
  Connection(VarlinkServer& server, UniqueFd socket) : server_(server), socket_(std::move(socket)) {
    wait();
  }

 private:
  // While a call runs, nothing is read and only the hang-up is told; a oneway call's peer may go.
  // While an answer is sent, nothing is read either: that the peer sends no more ends the
  // connection, and must not do so before the answer is out.
  void wait() {
    const bool is_sending = !unsent_.empty();
    const Readiness interest{.readable = !is_busy_ && !is_sending, .writable = is_sending};
    ready_.reset();
    if (!is_busy_ || !is_oneway_) {
      ready_ = server_.loop_.watch(socket_.get(), interest, [this](Readiness) {
        if (is_busy_) return close();
        if (!unsent_.empty()) return send_more();
        receive();
      });
    }
    idle_.reset();
    if (!is_busy_) {
      idle_ = server_.loop_.after(idle_max, [this] { close(); });
    }
  }

  // Later, because it destroys this object; what was asked for is withdrawn now.
  void close() {
    call_.cancel();
    finished_.reset();
    ready_.reset();
    idle_ = server_.loop_.after(Duration::zero(), [this] { server_.drop(this); });
  }

  void receive() {
    std::array<char, 16384> piece{};
    const ssize_t count = ::recv(socket_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return close();
    reader_.add({piece.data(), static_cast<std::size_t>(count)});
    take_next();
  }

  void take_next() {
    Result<std::optional<Value>> message = reader_.next();
    if (!message) return close();
    if (!*message) return wait();
    const Value* oneway = (*message)->find("oneway");
    is_oneway_ = oneway != nullptr && oneway->as_bool() != nullptr && *oneway->as_bool();
    is_busy_ = true;
    wait();
    const std::string method((*message)->text_at("method"));
    Value parameters = Object();
    if (const Value* given = (*message)->find("parameters")) parameters = *given;
    // Posted: finishing may start the next call, whose frame replaces this one's.
    call_ = Job::start<Value>(answer(method, std::move(parameters)), [this](Value reply) {
      reply_ = std::move(reply);
      finished_ = server_.loop_.after(Duration::zero(), [this] { finish(); });
    });
  }

  void finish() {
    is_busy_ = false;
    if (!is_oneway_) unsent_ += write_varlink(reply_);
    if (!unsent_.empty()) return send_more();
    take_next();
  }

  void send_more() {
    const ssize_t count =
        ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN && errno != EINTR) return close();
    if (count > 0) unsent_.erase(0, static_cast<std::size_t>(count));
    if (!unsent_.empty()) return wait();
    take_next();
  }

  Task<Value> answer(std::string method, Value parameters) {
    const VarlinkInterface& served = server_.served_;
    const std::size_t dot = method.rfind('.');
    const std::string interface = method.substr(0, dot == std::string::npos ? 0 : dot);
    const std::string name = method.substr(dot == std::string::npos ? 0 : dot + 1);
    if (interface == service_interface) co_return describe(name, parameters);
    if (interface != served.name) {
      co_return varlink_error("org.varlink.service.InterfaceNotFound",
                              Object{{"interface", interface}});
    }
    if (std::ranges::find(served.methods, name) == served.methods.end()) {
      co_return varlink_error("org.varlink.service.MethodNotFound", Object{{"method", method}});
    }
    Task<Result<Value>> calling = served.call(name, std::move(parameters));
    Result<Value> result = co_await calling;
    if (result) co_return varlink_reply(std::move(*result));
    co_return varlink_error(error_name(served.name, result.error().kind),
                            Object{{"message", result.error().message}});
  }

  [[nodiscard]] Value describe(const std::string& method, const Value& parameters) const {
    const VarlinkInterface& served = server_.served_;
    if (method == "GetInfo") {
      return varlink_reply(
          Object{{"vendor", "primocane"},
                 {"product", "primocane"},
                 {"version", served.version},
                 {"url", "https://primocane.dev"},
                 {"interfaces", Array{Value(service_interface), Value(served.name)}}});
    }
    if (method != "GetInterfaceDescription") {
      return varlink_error("org.varlink.service.MethodNotFound",
                           Object{{"method", fmt::format("{}.{}", service_interface, method)}});
    }
    const std::string_view wanted = parameters.text_at("interface");
    if (wanted == service_interface) {
      return varlink_reply(Object{{"description", service_description}});
    }
    if (wanted == served.name) return varlink_reply(Object{{"description", served.description}});
    return varlink_error("org.varlink.service.InterfaceNotFound", Object{{"interface", wanted}});
  }

  VarlinkServer& server_;
  UniqueFd socket_;
  VarlinkReader reader_;
  std::string unsent_;
  bool is_busy_ = false;
  bool is_oneway_ = false;
  Value reply_;
  Job call_;
  std::unique_ptr<Registration> finished_;
  std::unique_ptr<Registration> ready_;
  std::unique_ptr<Registration> idle_;
};

VarlinkServer::VarlinkServer(EventLoop& loop, std::string path, UniqueFd socket,
                             VarlinkInterface served)
    : loop_(loop),
      path_(std::move(path)),
      socket_(std::move(socket)),
      served_(std::move(served)),
      readable_(loop.watch(socket_.get(), {.readable = true, .writable = false},
                           [this](Readiness) { accept_one(); })) {}

VarlinkServer::~VarlinkServer() { ::unlink(path_.c_str()); }

Result<std::unique_ptr<VarlinkServer>> VarlinkServer::listen(EventLoop& loop, std::string path,
                                                             const std::string& group,
                                                             VarlinkInterface served) {
  const sockaddr_un address = TRY(socket_address(path));
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return std::unexpected(os_error(path, errno));
  if (is_listened_to(address)) {
    return fail(ErrorKind::conflict, fmt::format("{}: another agent listens there", path));
  }
  ::unlink(path.c_str());
  // Nobody else may connect before mode and group are set.
  const mode_t mask = ::umask(0177);
  const int bound =
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = errno;
  ::umask(mask);
  if (bound != 0) return std::unexpected(os_error(path, error));
  if (const auto* entry = ::getgrnam(group.c_str()); entry != nullptr && ::geteuid() == 0) {
    if (::chown(path.c_str(), static_cast<uid_t>(-1), entry->gr_gid) != 0) {
      return std::unexpected(os_error(path, errno));
    }
  }
  if (::chmod(path.c_str(), 0660) != 0 || ::listen(socket.get(), SOMAXCONN) != 0) {
    return std::unexpected(os_error(path, errno));
  }
  return std::unique_ptr<VarlinkServer>(
      new VarlinkServer(loop, std::move(path), std::move(socket), std::move(served)));
}

void VarlinkServer::accept_one() {
  UniqueFd connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!connection.is_open() || connections_.size() >= connections_max) return;
  if (!may_connect(connection.get(), path_)) return;
  connections_.push_back(std::make_unique<Connection>(*this, std::move(connection)));
}

void VarlinkServer::drop(Connection* connection) {
  std::erase_if(connections_, [connection](const auto& each) { return each.get() == connection; });
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// VarlinkServer: the control socket. Speaks Varlink (https://varlink.org/Method-Call), so that
// varlinkctl works as well as primocane's own commands.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "base/unique_fd.hpp"
#include "document/value.hpp"

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace primocane {

/// What is served: one interface beside org.varlink.service.
struct VarlinkInterface {
  std::string name;                  ///< "dev.primocane.Agent"
  std::string description;           ///< in Varlink's interface definition language
  std::string version;               ///< of the program
  std::vector<std::string> methods;  ///< "Reconcile"; any other is answered MethodNotFound
  /// Answers a call of a method of this interface ("Reconcile"): its output parameters. An error
  /// becomes the Varlink error "<name>.<Kind>" with its message.
  std::function<Task<Result<Value>>(std::string method, Value parameters)> call;
};

/// Listens on a UNIX socket. Peers are root, our own user, or members of the group that owns the
/// socket; others are not let in. A message is at most 1 MiB, a connection may be idle for a
/// minute, and 16 may be open. Destroying the server cancels running calls, and so does a peer that
/// hangs up while its call runs, unless the call is oneway. A peer that only ends its sending
/// (SHUT_WR) is still answered: a UNIX socket tells that apart.
class VarlinkServer {
 public:
  /// Replaces a socket that is left at `path`; `conflict` where another process listens to it. The
  /// socket has mode 0660 and belongs to group `group` where that exists. `unavailable` when it
  /// can't be made.
  [[nodiscard]] static Result<std::unique_ptr<VarlinkServer>> listen(EventLoop& loop,
                                                                     std::string path,
                                                                     const std::string& group,
                                                                     VarlinkInterface served);
  VarlinkServer(const VarlinkServer&) = delete;
  VarlinkServer& operator=(const VarlinkServer&) = delete;
  ~VarlinkServer();

 private:
  class Connection;

  VarlinkServer(EventLoop& loop, std::string path, UniqueFd socket, VarlinkInterface served);
  void accept_one();
  void drop(Connection* connection);

  EventLoop& loop_;
  std::string path_;
  UniqueFd socket_;
  VarlinkInterface served_;
  std::list<std::unique_ptr<Connection>> connections_;
  std::unique_ptr<Registration> readable_;
};

}  // namespace primocane

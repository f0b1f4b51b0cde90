// SPDX-License-Identifier: Apache-2.0
// ApiSession: sends requests to one API server with our credentials, and waits where it asks to.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/kube_api.hpp"
#include "cluster/kubeconfig.hpp"
#include "http/http_client.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <string>

namespace primocane {

/// All requests share one connection. Belongs to the loop's thread.
class ApiSession {
 public:
  ApiSession(EventLoop& loop, ClusterAccess access, FileReader read_file, KubeApiSettings settings);

  /// Sends `request`, whose URL begins with a slash, and returns the response, whatever its
  /// status. Within settings' time and attempts it goes on after a connection that broke, after
  /// 429, 503 and the like with Retry-After, and once with a fresh token after 401. All requests
  /// must therefore be such as may arrive twice.
  Task<Result<HttpResponse>> send(HttpRequest request, BodySink sink = {});

  /// Sends `request` once and hands what arrives to `sink` for as long as the server sends: a
  /// watch. It says nothing about is_answering().
  Task<Result<HttpResponse>> stream(HttpRequest request, BodySink sink);

  /// Whether the last request that ended got a response.
  [[nodiscard]] bool is_answering() const { return is_answering_; }

  [[nodiscard]] const Clock& clock() const { return loop_.clock(); }

 private:
  /// A connection with how many streams it has.
  struct Connection {
    std::unique_ptr<HttpClient> http;
    std::size_t streams = 0;
  };
  class StreamSlot;

  [[nodiscard]] std::unique_ptr<HttpClient> make_client(HttpVersion version);
  void address(HttpRequest& request) const;
  Result<void> add_credentials(HttpRequest& request);
  [[nodiscard]] bool forget_token();

  EventLoop& loop_;
  ClusterAccess access_;
  FileReader read_file_;
  KubeApiSettings settings_;
  bool is_local_;
  bool is_answering_ = true;
  std::list<Connection> connections_;  // requests use the first one
  std::string token_;                  // of the token file; "" where it has to be read
  SteadyTime token_read_at_;
};

}  // namespace primocane

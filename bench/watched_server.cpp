// SPDX-License-Identifier: Apache-2.0
#include "watched_server.hpp"

#include "document/json.hpp"
#include "host/read_file.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <utility>

namespace primocane {

namespace {

constexpr ByteCount task_max{16ULL << 20U};
constexpr std::chrono::milliseconds watch_poll{2};

[[noreturn]] void give_up(std::string_view why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(EXIT_FAILURE);
}

HttpRequest watch_request(const std::string& path, WatchDepth depth) {
  HttpRequest request;
  request.url = fmt::format(
      "{}{}watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&"
      "allowWatchBookmarks=true",
      path, path.contains('?') ? "&" : "?");
  if (depth == WatchDepth::metadata) {
    request.headers.emplace_back(
        "Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
  }
  request.timeout = request.stall_timeout = std::chrono::milliseconds(0);
  request.response_max = ByteCount(std::numeric_limits<std::int64_t>::max());
  return request;
}

}  // namespace

std::string bench_key(const Value& object) {
  return fmt::format("{}/{}", object.text_at("metadata", "namespace"),
                     object.text_at("metadata", "name"));
}

std::string applied_fields(const Value& object, std::string_view manager) {
  const Value* const entries = object.find("metadata", "managedFields");
  if (entries == nullptr || entries->as_array() == nullptr) return {};
  for (const Value& entry : *entries->as_array()) {
    const Value* const fields = entry.find("fieldsV1");
    if (fields != nullptr && entry.text_at("manager") == manager &&
        entry.text_at("operation") == "Apply" && entry.text_at("subresource").empty()) {
      return write_canonical_json(*fields);
    }
  }
  return {};
}

Result<ClusterAccess> read_access(const std::string& path) {
  const std::string text = TRY(read_file(path, ByteCount(1U << 20U)));
  return read_kubeconfig(text, path);
}

Result<Value> read_task(const std::string& path) {
  const std::string text = TRY(read_file(path, task_max));
  return read_json(text, path);
}

WatchedServer::WatchedServer(EventLoop& loop, ClusterAccess access)
    : loop_(loop), access_(std::move(access)), http_(loop, access_.tls, HttpVersion::http2_one) {}

void WatchedServer::watch(std::string path, WatchDepth depth,
                          std::function<void(const WatchEvent&)> each) {
  HttpRequest request = watch_request(path, depth);
  request.url = access_.server + request.url;
  request.headers.emplace_back("Accept-Encoding: identity");
  auto rest = std::make_shared<std::string>();
  BodySink sink = [this, rest, each = std::move(each)](std::string_view piece) -> Result<void> {
    rest->append(piece);
    std::size_t begin = 0;
    for (std::size_t end; (end = rest->find('\n', begin)) != std::string::npos; begin = end + 1) {
      take(std::string_view(*rest).substr(begin, end - begin), each);
    }
    rest->erase(0, begin);
    return {};
  };
  watches_.push_back(Job::start<Result<HttpResponse>>(
      http_.send(std::move(request), std::move(sink)), [path](const auto& response) {
        give_up(fmt::format("the watch of {} has ended: {}", path,
                            response ? response->body : response.error().message));
      }));
}

void WatchedServer::take(std::string_view line,
                         const std::function<void(const WatchEvent&)>& each) {
  const SteadyTime at = loop_.clock().now();
  const Result<Value> event = read_json(line, "an event");
  if (!event) give_up(event.error().message);
  const Value* const object = event->find("object");
  const std::string_view type = event->text_at("type");
  if (object == nullptr || type == "ERROR") give_up(line);
  if (type != "BOOKMARK") {
    each({.at = at, .type = type, .object = *object});
  } else if (!object->text_at("metadata", "annotations", "k8s.io/initial-events-end").empty()) {
    ++complete_;
  }
}

Task<bool> WatchedServer::wait_for_watches() {
  while (complete_ < watches_.size()) co_await sleep_for(loop_, watch_poll);
  co_return true;
}

Task<Result<HttpResponse>> WatchedServer::send(ServerRequest request) {
  HttpRequest sent;
  sent.method = std::move(request.method);
  sent.url = access_.server + request.path;
  sent.body = std::move(request.body);
  sent.headers.emplace_back("Accept-Encoding: identity");
  if (!request.content_type.empty()) {
    sent.headers.emplace_back("Content-Type: " + request.content_type);
  }
  Result<HttpResponse> response = co_await http_.send(std::move(sent));
  co_return response;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// The least that reverting can cost: applies an object again on the event that tells of its change,
// and does nothing else. What bench/bench.py drift sets the agent beside.
//
//   drift_floor KUBECONFIG TASK.json
//
// TASK: {"manager": FIELD_MANAGER, "selector": LABEL_SELECTOR, "collections": [PATH, ...],
// "objects": {NAMESPACE/NAME: {"path": PATH, "body": what is applied}, ...}}. Prints "ready"
// and goes on until its standard input ends.
#include "document/json.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "resource/handed_over_fields.hpp"
#include "watched_server.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

/// One object that is held as it is applied.
struct HeldObject {
  std::string path;
  std::string body;
  std::string fields;        // of our entry before the first change
  Value live;                // metadata as last told; null once it is gone
  bool is_changed = false;   // and nothing was done about it yet
  bool is_reverted = false;  // at this moment
  Job job;
};

class BareReverter {
 public:
  BareReverter(EventLoop& loop, ClusterAccess access, const Value& task)
      : server_(loop, std::move(access)), manager_(task.text_at("manager")) {
    for (const auto& [key, object] : *task.find("objects")->as_object()) {
      HeldObject& held = objects_[key];
      held.path = object.text_at("path");
      held.body = write_json(*object.find("body"));
    }
    for (const Value& path : *task.find("collections")->as_array()) {
      server_.watch(fmt::format("{}?labelSelector={}", *path.as_string(), task.text_at("selector")),
                    WatchDepth::metadata, [this](const WatchEvent& event) { take(event); });
    }
  }

  Task<bool> wait_for_watches() { return server_.wait_for_watches(); }

 private:
  void take(const WatchEvent& event) {
    const auto found = objects_.find(bench_key(event.object));
    if (found == objects_.end()) return;
    HeldObject& held = found->second;
    held.live = event.type == "DELETED" ? Value() : event.object;
    const std::string fields = applied_fields(held.live, manager_);
    if (held.fields.empty()) held.fields = fields;
    held.is_changed = fields != held.fields || !tool_with_fields(held.live).empty();
    if (held.is_changed && !held.is_reverted) start(held);
  }

  void start(HeldObject& held) {
    held.is_reverted = true;
    held.job = Job::start<bool>(revert(&held), [this, &held](bool) {
      held.is_reverted = false;
      if (held.is_changed) start(held);
    });
  }

  Task<bool> revert(HeldObject* held) {
    held->is_changed = false;
    // What was taken from us is ours again by the apply alone.
    const bool has_our_fields = applied_fields(held->live, manager_) == held->fields;
    std::optional<Array> fields;
    if (has_our_fields) fields = hand_over_fields(held->live);
    if (fields) {
      ServerRequest patch{.method = "PATCH",
                          .path = held->path,
                          .content_type = "application/json-patch+json",
                          .body = managed_fields_patch(std::move(*fields))};
      Result<HttpResponse> patched = co_await server_.send(std::move(patch));
      report(*held, patched);
    }
    ServerRequest apply{.method = "PATCH",
                        .path = fmt::format("{}?fieldManager={}&force=true", held->path, manager_),
                        .content_type = "application/apply-patch+yaml",
                        .body = held->body};
    Result<HttpResponse> applied = co_await server_.send(std::move(apply));
    report(*held, applied);
    co_return true;
  }

  static void report(const HeldObject& held, const Result<HttpResponse>& response) {
    if (response && response->is_success()) return;
    fmt::print(stderr, "{}: {}\n", held.path, response ? response->body : response.error().message);
  }

  WatchedServer server_;
  std::string manager_;
  std::map<std::string, HeldObject> objects_;  // stay where they are
};

int run(const std::string& kubeconfig, const std::string& task_path) {
  const SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = EpollLoop::make(clock).value();
  const Value task = read_task(task_path).value();
  BareReverter reverter(*loop, read_access(kubeconfig).value(), task);
  run_until_done(*loop, reverter.wait_for_watches());
  std::puts("ready");
  std::fflush(stdout);
  const auto input =
      loop->watch(STDIN_FILENO, {.readable = true}, [&](Readiness) { loop->stop(); });
  loop->run();
  return EXIT_SUCCESS;
}

}  // namespace

}  // namespace primocane

int main(int argc, char* argv[]) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (argc != 3) {
    fmt::print(stderr, "usage: drift_floor KUBECONFIG TASK.json\n");
    return 64;
  }
  return primocane::run(arguments[1], arguments[2]);
}

// SPDX-License-Identifier: Apache-2.0
// Changes objects from outside and measures until each is again as Git says, as a watch of its own
// sees it. Who reverts does not matter: bench/bench.py drift has the agent, drift_floor and Flux do
// it.
//
//   drift_trials KUBECONFIG TASK.json
//
// TASK: {"manager": field manager of who reverts, "collections": [PATH, ...], "lanes": trials at
// the same time, "pause_ms": longest wait before a trial, "patience_ms": when one is given up,
// "seed": of the waits, "trials": [{"change": NAME, "object": NAMESPACE/NAME, "declared": what Git
// says, "absent": POINTER to what must not be there or "", "is_deleted": whether the object is made
// anew, "requests": [{"method", "path", "type", "body"}, ...]}, ...]}
//
// Prints a line of JSON per trial: {"change", "object", "ms": from before the first request until
// the object is as Git says, "seen_ms": until the change itself was seen}, or {"change", "object",
// "failure"}.
#include "document/json.hpp"
#include "document/json_pointer.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "watched_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::chrono::milliseconds look_again{1};  // times are those of events, not of looking

/// An object as an event told it during a trial.
struct Sighting {
  SteadyTime at;
  std::uint64_t version;  // 0: it was deleted
  std::string uid;
  bool is_declared;
};

struct Trial {
  const Value* task;
  std::string fields;  // of the manager's entry, before the change
  std::vector<Sighting> sightings;

  [[nodiscard]] std::string key() const { return std::string(task->text_at("object")); }
  [[nodiscard]] bool is_deletion() const { return *task->find("is_deleted")->as_bool(); }
};

std::uint64_t version_of(const Value& object) {
  return std::strtoull(std::string(object.text_at("metadata", "resourceVersion")).c_str(), nullptr,
                       10);
}

// Whether all that is declared is there; lists have nothing besides.
bool holds(const Value& live, const Value& declared) {
  if (const Object* const members = declared.as_object()) {
    return std::ranges::all_of(*members, [&](const Object::Member& member) {
      const Value* const inner = live.find(member.first);
      return inner != nullptr && holds(*inner, member.second);
    });
  }
  if (const Array* const items = declared.as_array()) {
    const Array* const found = live.as_array();
    return found != nullptr && std::ranges::equal(*found, *items, holds);
  }
  return live == declared;
}

class Trials {
 public:
  Trials(EventLoop& loop, const ClusterAccess& access, const Value& task)
      : loop_(loop),
        task_(task),
        watched_(loop, access),
        changed_(loop, access),
        random_(static_cast<unsigned>(number("seed"))) {
    for (const Value& path : *task.find("collections")->as_array()) {
      watched_.watch(*path.as_string(), WatchDepth::whole,
                     [this](const WatchEvent& event) { take(event); });
    }
  }

  Task<bool> run() {
    co_await watched_.wait_for_watches();
    std::vector<Job> lanes;
    std::size_t running = static_cast<std::size_t>(number("lanes"));
    const std::function<void(bool)> ended = [&running](bool) { --running; };
    for (std::size_t count = running; count > 0; --count) {
      lanes.push_back(Job::start<bool>(run_lane(), ended));
    }
    while (running > 0) co_await sleep_for(loop_, look_again);
    co_return true;
  }

 private:
  [[nodiscard]] long number(std::string_view key) const {
    return std::strtol(task_.find(key)->as_number()->text.c_str(), nullptr, 10);
  }

  Task<bool> run_lane() {
    const Array& trials = *task_.find("trials")->as_array();
    while (next_ < trials.size()) {
      Trial trial{.task = &trials[next_++], .fields = {}, .sightings = {}};
      std::uniform_int_distribution<long> pause(0, number("pause_ms"));
      co_await sleep_for(loop_, std::chrono::milliseconds(pause(random_)));
      running_[trial.key()] = &trial;
      Result<Object> outcome = co_await measure(&trial);
      running_.erase(trial.key());
      tell(trial, outcome);
    }
    co_return true;
  }

  Task<Result<Object>> measure(Trial* trial) {
    const Deadline deadline =
        Deadline::in(loop_.clock(), std::chrono::milliseconds(number("patience_ms")));
    // What an earlier trial left behind is not this one's.
    while (!is_declared(*trial, live_[trial->key()])) {
      if (deadline.has_passed(loop_.clock())) {
        co_return fail(ErrorKind::unavailable, "not as declared before the change");
      }
      co_await sleep_for(loop_, look_again);
    }
    trial->fields = applied_fields(live_[trial->key()], task_.text_at("manager"));
    const std::string uid(live_[trial->key()].text_at("metadata", "uid"));
    const SteadyTime began = loop_.clock().now();
    std::uint64_t changed_version = 0;
    for (const Value& request : *trial->task->find("requests")->as_array()) {
      ServerRequest sent{.method = std::string(request.text_at("method")),
                         .path = std::string(request.text_at("path")),
                         .content_type = std::string(request.text_at("type")),
                         .body = std::string(request.text_at("body"))};
      CO_TRY(const HttpResponse response, co_await changed_.send(std::move(sent)));
      if (!response.is_success()) co_return fail(ErrorKind::invalid, response.body);
      changed_version = version_of(read_json(response.body, "an answer").value());
    }
    while (true) {
      std::optional<Object> measured = outcome(*trial, began, changed_version, uid);
      if (measured) co_return std::move(*measured);
      if (deadline.has_passed(loop_.clock())) break;
      co_await sleep_for(loop_, look_again);
    }
    co_return fail(ErrorKind::unavailable,
                   trial->sightings.empty() ? "the change was not seen"
                                            : "not reverted: " + write_json(live_[trial->key()]));
  }

  // The times, once the object is as declared after it was not.
  [[nodiscard]] static std::optional<Object> outcome(const Trial& trial, SteadyTime began,
                                                     std::uint64_t changed_version,
                                                     std::string_view uid) {
    const auto milliseconds = [&](const Sighting& sighting) {
      return Number{fmt::format(
          "{:.3f}", std::chrono::duration<double, std::milli>(sighting.at - began).count())};
    };
    const Sighting* drifted = nullptr;
    for (const Sighting& sighting : trial.sightings) {
      const bool is_later =
          trial.is_deletion() ? sighting.uid != uid : sighting.version >= changed_version;
      if (!sighting.is_declared) {
        if (drifted == nullptr) drifted = &sighting;
      } else if (drifted != nullptr && is_later) {
        return Object{{"ms", milliseconds(sighting)}, {"seen_ms", milliseconds(*drifted)}};
      }
    }
    return std::nullopt;
  }

  void take(const WatchEvent& event) {
    const std::string key = bench_key(event.object);
    Value& live = live_[key];
    live = event.type == "DELETED" ? Value() : event.object;
    const auto found = running_.find(key);
    if (found == running_.end() || found->second->fields.empty()) return;
    found->second->sightings.push_back({.at = event.at,
                                        .version = version_of(live),
                                        .uid = std::string(live.text_at("metadata", "uid")),
                                        .is_declared = is_declared(*found->second, live)});
  }

  [[nodiscard]] bool is_declared(const Trial& trial, const Value& live) const {
    const std::string fields = applied_fields(live, task_.text_at("manager"));
    if (fields.empty() || (!trial.fields.empty() && fields != trial.fields)) return false;
    const JsonPointer absent = JsonPointer::parse(trial.task->text_at("absent")).value();
    return (absent.tokens().empty() || absent.find_in(live) == nullptr) &&
           holds(live, *trial.task->find("declared"));
  }

  static void tell(const Trial& trial, const Result<Object>& outcome) {
    Object line = outcome ? *outcome : Object{{"failure", outcome.error().message}};
    line.set("change", Value(trial.task->text_at("change")));
    line.set("object", Value(trial.key()));
    std::puts(write_json(Value(std::move(line))).c_str());
    std::fflush(stdout);
  }

  EventLoop& loop_;
  const Value& task_;
  WatchedServer watched_;
  WatchedServer changed_;  // another client's connection
  std::minstd_rand random_;
  std::size_t next_ = 0;
  std::map<std::string, Value> live_;
  std::map<std::string, Trial*> running_;
};

}  // namespace

}  // namespace primocane

int main(int argc, char* argv[]) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (argc != 3) {
    fmt::print(stderr, "usage: drift_trials KUBECONFIG TASK.json\n");
    return 64;
  }
  const primocane::SystemClock clock;
  const auto loop = primocane::EpollLoop::make(clock).value();
  const primocane::Value task = primocane::read_task(arguments[2]).value();
  primocane::Trials trials(*loop, primocane::read_access(arguments[1]).value(), task);
  primocane::run_until_done(*loop, trials.run());
  return EXIT_SUCCESS;
}

// SPDX-License-Identifier: Apache-2.0
#include "report/burst_sink.hpp"

#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <vector>

namespace primocane {
namespace {

class Recorded final : public EventSink {
 public:
  explicit Recorded(std::vector<Event>& events) : events_(events) {}
  void emit(const Event& event) override { events_.push_back(event); }

 private:
  std::vector<Event>& events_;
};

struct Burst {
  TestLoop loop;
  std::vector<Event> told;
  std::unique_ptr<BurstSink> sink = std::make_unique<BurstSink>(
      loop, std::make_unique<Recorded>(told), Severity::info,
      BurstSettings{.told_max = 100, .window = std::chrono::seconds(30)});

  void emit(int count, Event event) {
    for (int i = 0; i < count; ++i) sink->emit(event);
  }
};

Event created() {
  return {.kind = EventKind::object_applied, .message = "created", .action = "create"};
}

}  // namespace

TEST_CASE("few events are told one by one and nothing is added") {
  Burst burst;
  burst.emit(100, created());
  burst.loop.run_for(std::chrono::minutes(5));
  CHECK(burst.told.size() == 100);
}

TEST_CASE("a burst of 10,000 events is summed up with its number and what was done") {
  Burst burst;
  burst.emit(9'000, created());
  burst.emit(1'000, {.kind = EventKind::object_applied,
                     .severity = Severity::warning,
                     .message = "reverted",
                     .kustomization = "primocane-system/root",
                     .action = "revert"});
  CHECK(burst.told.size() == 100);
  burst.loop.run_for(std::chrono::seconds(31));
  REQUIRE(burst.told.size() == 101);
  const Event& sum = burst.told.back();
  CHECK(sum.kind == EventKind::object_applied);
  CHECK(sum.severity == Severity::warning);
  CHECK(sum.kustomization == "primocane-system/root");
  CHECK(sum.message.starts_with("9900 more object-applied"));
  CHECK(sum.message.find("8900 create") != std::string::npos);
  CHECK(sum.message.find("1000 revert") != std::string::npos);
}

TEST_CASE("a burst of one kind hides no event of another") {
  Burst burst;
  burst.emit(10'000, created());
  burst.emit(1, {.kind = EventKind::cluster_unavailable,
                 .severity = Severity::error,
                 .message = "the API server does not answer"});
  CHECK(burst.told.back().kind == EventKind::cluster_unavailable);
}

TEST_CASE("after the window events are told again") {
  Burst burst;
  burst.emit(150, created());
  burst.loop.run_for(std::chrono::seconds(31));
  burst.emit(10, created());
  CHECK(burst.told.size() == 100 + 1 + 10);
}

TEST_CASE("what is held back is told at the end") {
  Burst burst;
  burst.emit(150, created());
  burst.sink.reset();
  REQUIRE(burst.told.size() == 101);
  CHECK(burst.told.back().message.starts_with("50 more"));
}

TEST_CASE("events that nobody asked for are not counted") {
  Burst burst;
  burst.emit(1'000, {.kind = EventKind::pass_idle, .severity = Severity::debug, .message = "idle"});
  burst.sink.reset();
  CHECK(burst.told.empty());
}

}  // namespace primocane

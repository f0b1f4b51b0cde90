// SPDX-License-Identifier: Apache-2.0
// What TaskGroup promises: a limit that may change, every way to end, cancellation by destruction.
#include "base/task_group.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace primocane {
namespace {

// Doors that tasks wait at until the test opens them.
class Doors {
 public:
  Task<void> pass(int door) {
    started.push_back(door);
    Completion<bool> opened;
    const Entry entry(*this, door, opened);
    co_await opened;
    passed.push_back(door);
  }
  void open(int door) { waiting_.at(door)->complete(true); }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  std::vector<int> started;
  std::vector<int> passed;

 private:
  class Entry {
   public:
    Entry(Doors& doors, int door, Completion<bool>& opened) : doors_(doors), door_(door) {
      doors_.waiting_.emplace(door, &opened);
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() { doors_.waiting_.erase(door_); }

   private:
    Doors& doors_;
    int door_;
  };

  std::map<int, Completion<bool>*> waiting_;
};

Task<void> count(int* counter) {
  ++*counter;
  co_return;
}

Task<void> open_door(Doors* doors, int door) {
  doors->open(door);
  co_return;
}

Task<void> pass_then_set_limit(Doors* doors, int door, TaskGroup* group, std::size_t limit) {
  co_await doors->pass(door);
  group->set_limit(limit);
}

Task<void> pass_then_add(Doors* doors, int door, TaskGroup* group, int more) {
  co_await doors->pass(door);
  group->add(doors->pass(more));
}

// A group whose wait() is awaited by a job, and whether that ended.
struct Running {
  explicit Running(std::size_t limit) : group(limit) {}
  void wait() {
    job = Job::start(group.wait(), [this] { is_done = true; });
  }

  TaskGroup group;
  bool is_done = false;
  Job job;
};

Task<void> run_local_group(Doors* doors) {
  TaskGroup group(2);
  for (int door = 1; door <= 3; ++door) group.add(doors->pass(door));
  co_await group.wait();
}

}  // namespace

TEST_CASE("an empty group is done at once") {
  Running running(4);
  running.wait();
  CHECK(running.is_done);
}

TEST_CASE("a group starts nothing before it is waited for") {
  Doors doors;
  Running running(4);
  running.group.add(doors.pass(1));
  CHECK(doors.started.empty());
  running.wait();
  CHECK(doors.started == std::vector{1});
}

TEST_CASE("a group runs at most its limit at a time, in the order of adding") {
  Doors doors;
  Running running(2);
  for (int door = 1; door <= 4; ++door) running.group.add(doors.pass(door));
  running.wait();
  CHECK(doors.started == std::vector{1, 2});
  CHECK(running.group.running() == 2);
  doors.open(2);
  CHECK(doors.started == std::vector{1, 2, 3});
  doors.open(1);
  doors.open(3);
  CHECK_FALSE(running.is_done);
  doors.open(4);
  CHECK(running.is_done);
  CHECK(doors.passed == std::vector{2, 1, 3, 4});
}

TEST_CASE("100,000 tasks that end at once do not grow the stack and are all done") {
  Running running(1);
  int counter = 0;
  for (int i = 0; i < 100'000; ++i) running.group.add(count(&counter));
  running.wait();
  CHECK(counter == 100'000);
  CHECK(running.is_done);
}

TEST_CASE("tasks that end at once and tasks that wait mix") {
  Doors doors;
  Running running(1);
  int counter = 0;
  running.group.add(count(&counter));
  running.group.add(doors.pass(1));
  running.group.add(count(&counter));
  running.wait();
  CHECK(counter == 1);
  doors.open(1);
  CHECK(counter == 2);
  CHECK(running.is_done);
}

TEST_CASE("a task may be added while the group runs") {
  Doors doors;
  Running running(2);
  running.group.add(pass_then_add(&doors, 1, &running.group, 3));
  running.wait();
  running.group.add(doors.pass(2));
  CHECK(doors.started == std::vector{1, 2});
  doors.open(2);
  doors.open(1);
  CHECK_FALSE(running.is_done);
  CHECK(doors.started == std::vector{1, 2, 3});
  doors.open(3);
  CHECK(running.is_done);
}

TEST_CASE("a raised limit starts what was queued") {
  Doors doors;
  Running running(1);
  for (int door = 1; door <= 3; ++door) running.group.add(doors.pass(door));
  running.wait();
  running.group.set_limit(3);
  CHECK(doors.started == std::vector{1, 2, 3});
}

TEST_CASE("a lowered limit lets what runs end and starts nothing above it") {
  Doors doors;
  Running running(2);
  for (int door = 1; door <= 3; ++door) running.group.add(doors.pass(door));
  running.wait();
  running.group.set_limit(1);
  doors.open(1);
  CHECK(doors.started == std::vector{1, 2});
  doors.open(2);
  CHECK(doors.started == std::vector{1, 2, 3});
}

TEST_CASE("a task may change the limit of its own group") {
  Doors doors;
  Running running(1);
  running.group.add(pass_then_set_limit(&doors, 1, &running.group, 2));
  running.group.add(doors.pass(2));
  running.group.add(doors.pass(3));
  running.wait();
  doors.open(1);
  CHECK(doors.started == std::vector{1, 2, 3});
  doors.open(2);
  doors.open(3);
  CHECK(running.is_done);
}

TEST_CASE("a limit of zero pauses a group and does not end it") {
  Doors doors;
  int counter = 0;
  Running running(1);
  running.group.add(doors.pass(1));
  running.group.add(count(&counter));
  running.wait();
  running.group.set_limit(0);
  doors.open(1);
  CHECK_FALSE(running.is_done);
  CHECK(counter == 0);
  running.group.set_limit(1);
  CHECK(counter == 1);
  CHECK(running.is_done);
}

TEST_CASE("a task that is being started may wake another one of its group") {
  Doors doors;
  Running running(1);
  running.group.add(doors.pass(1));
  running.group.add(open_door(&doors, 1));
  running.wait();
  REQUIRE_FALSE(running.is_done);
  running.group.set_limit(2);
  CHECK(running.is_done);
  CHECK(running.group.running() == 0);
}

TEST_CASE("destroying a group cancels what runs and what is queued") {
  Doors doors;
  auto running = std::make_unique<Running>(2);
  for (int door = 1; door <= 3; ++door) running->group.add(doors.pass(door));
  running->wait();
  CHECK(doors.waiting() == 2);
  running.reset();
  CHECK(doors.waiting() == 0);
  CHECK(doors.passed.empty());
}

TEST_CASE("cancelling the coroutine that owns a group cancels its tasks") {
  Doors doors;
  Job job = Job::start(run_local_group(&doors), [] {});
  CHECK(doors.waiting() == 2);
  job.cancel();
  CHECK(doors.waiting() == 0);
}

TEST_CASE("a cancelled wait leaves running tasks running and may be repeated") {
  Doors doors;
  Running running(1);
  running.group.add(doors.pass(1));
  running.group.add(doors.pass(2));
  running.wait();
  running.job.cancel();
  doors.open(1);
  CHECK(doors.passed == std::vector{1});
  CHECK(doors.started == std::vector{1});
  running.wait();
  CHECK(doors.started == std::vector{1, 2});
  doors.open(2);
  CHECK(running.is_done);
}

TEST_CASE("the end of a wait may destroy the group") {
  Doors doors;
  auto group = std::make_unique<TaskGroup>(2);
  group->add(doors.pass(1));
  group->add(doors.pass(2));
  const Job job = Job::start(group->wait(), [&] { group.reset(); });
  doors.open(1);
  doors.open(2);
  CHECK(group == nullptr);
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// What Task, Job and Completion promise: values, cancellation by destruction, a bounded stack.
#include "base/task.hpp"

#include "base/error.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace primocane {
namespace {

Task<int> ready(int value) { co_return value; }

Task<std::unique_ptr<int>> ready_pointer(int value) { co_return std::make_unique<int>(value); }

Task<Result<void>> ready_success() { co_return {}; }

Task<Result<int>> ready_failure() { co_return fail(ErrorKind::conflict, "changed meanwhile"); }

Task<Result<int>> pass_failure_on() {
  CO_TRY(const int value, co_await ready_failure());
  co_return value + 1;
}

// A callback-style operation: completes whoever waits, forgets them when they are cancelled.
class Source {
 public:
  Task<int> next() {
    Completion<int> completion;
    const Withdrawal withdrawal(*this, completion);
    const int value = co_await completion;
    co_return value;
  }
  [[nodiscard]] bool is_awaited() const { return waiting_ != nullptr; }
  void deliver(int value) { std::exchange(waiting_, nullptr)->complete(value); }

 private:
  class Withdrawal {
   public:
    Withdrawal(Source& source, Completion<int>& completion) : source_(source) {
      source_.waiting_ = &completion;
    }
    Withdrawal(const Withdrawal&) = delete;
    Withdrawal& operator=(const Withdrawal&) = delete;
    ~Withdrawal() { source_.waiting_ = nullptr; }

   private:
    Source& source_;
  };

  Completion<int>* waiting_ = nullptr;
};

Task<int> sum_of(Source* source, int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    const int value = co_await source->next();
    sum += value;
  }
  co_return sum;
}

Task<int> doubled(Task<int> task) {
  const int value = co_await task;
  co_return value * 2;
}

// Where the stack stands, as seen by a task that runs to its end at once.
Task<std::uintptr_t> stack_position() {
  co_return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

struct StackUse {
  std::uintptr_t lowest = ~std::uintptr_t{0};
  std::uintptr_t highest = 0;
};

Task<StackUse> await_in_a_loop(int count) {
  StackUse use;
  for (int i = 0; i < count; ++i) {
    const std::uintptr_t position = co_await stack_position();
    use.lowest = std::min(use.lowest, position);
    use.highest = std::max(use.highest, position);
  }
  co_return use;
}

Task<StackUse> wait_in_a_loop(Source* source, int count) {
  StackUse use;
  for (int i = 0; i < count; ++i) {
    const int value = co_await doubled(source->next());
    const auto position = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    use.lowest = std::min(use.lowest, position - static_cast<std::uintptr_t>(value));
    use.highest = std::max(use.highest, position);
  }
  co_return use;
}

Task<StackUse> wait_then_await_in_a_loop(Source* source, int count) {
  const int ignored = co_await source->next();
  StackUse use = co_await await_in_a_loop(count + ignored - ignored);
  co_return use;
}

Task<int> nested(int depth) {
  if (depth == 0) co_return 0;
  const int below = co_await nested(depth - 1);
  co_return below + 1;
}

Task<int> nested_wait(Source* source, int depth) {
  if (depth == 0) {
    const int value = co_await source->next();
    co_return value;
  }
  const int below = co_await nested_wait(source, depth - 1);
  co_return below + 1;
}

Task<int> watch_destruction(Source* source, std::shared_ptr<int> token) {
  const int value = co_await source->next();
  co_return value + *token;
}

}  // namespace

TEST_CASE("a task that waits for nothing ends before start returns") {
  int seen = 0;
  const Job job = Job::start<int>(ready(7), [&](int value) { seen = value; });
  CHECK(seen == 7);
}

TEST_CASE("a task does not start before it is awaited") {
  bool has_started = false;
  const auto body = [](bool* flag) -> Task<void> {
    *flag = true;
    co_return;
  };
  Task<void> task = body(&has_started);
  CHECK_FALSE(has_started);
  const Job job = Job::start(std::move(task), [] {});
  CHECK(has_started);
}

TEST_CASE("a task that is never started is destroyed without running") {
  auto token = std::make_shared<int>(1);
  Source source;
  {
    const Task<int> task = watch_destruction(&source, token);
    CHECK(token.use_count() == 2);
  }
  CHECK(token.use_count() == 1);
  CHECK_FALSE(source.is_awaited());
}

TEST_CASE("values that can only be moved pass through tasks and jobs") {
  int seen = 0;
  const Job job = Job::start<std::unique_ptr<int>>(
      ready_pointer(3), [&](std::unique_ptr<int> value) { seen = *value; });
  CHECK(seen == 3);
}

TEST_CASE("an empty brace returns the default of the task's type") {
  bool is_success = false;
  const Job job = Job::start<Result<void>>(
      ready_success(), [&](const Result<void>& result) { is_success = result.has_value(); });
  CHECK(is_success);
}

TEST_CASE("a failure passes through every task that does not look at it") {
  Result<int> seen = 0;
  const Job job =
      Job::start<Result<int>>(pass_failure_on(), [&](Result<int> result) { seen = result; });
  REQUIRE_FALSE(seen.has_value());
  CHECK(seen.error().kind == ErrorKind::conflict);
}

TEST_CASE("a task goes on each time what it waits for is delivered") {
  Source source;
  int seen = 0;
  const Job job = Job::start<int>(doubled(sum_of(&source, 3)), [&](int value) { seen = value; });
  for (const int value : {1, 10, 100}) {
    REQUIRE(source.is_awaited());
    CHECK(seen == 0);
    source.deliver(value);
  }
  CHECK(seen == 222);
}

TEST_CASE("a completion that was completed early does not suspend") {
  Completion<std::string> completion;
  completion.complete("early");
  const auto body = [](Completion<std::string>* early) -> Task<std::string> {
    std::string value = co_await *early;
    co_return value;
  };
  std::string seen;
  const Job job =
      Job::start<std::string>(body(&completion), [&](std::string value) { seen = value; });
  CHECK(seen == "early");
}

TEST_CASE("destroying a job withdraws what its innermost task waits for") {
  Source source;
  auto token = std::make_shared<int>(0);
  bool is_done = false;
  {
    const Job job = Job::start<int>(doubled(watch_destruction(&source, token)),
                                    [&](int /*value*/) { is_done = true; });
    REQUIRE(source.is_awaited());
    CHECK(token.use_count() == 2);
  }
  CHECK_FALSE(source.is_awaited());
  CHECK(token.use_count() == 1);
  CHECK_FALSE(is_done);
}

TEST_CASE("assigning another job cancels the one that ran") {
  Source first;
  Source second;
  Job job = Job::start<int>(first.next(), [](int /*value*/) {});
  REQUIRE(first.is_awaited());
  job = Job::start<int>(second.next(), [](int /*value*/) {});
  CHECK_FALSE(first.is_awaited());
  CHECK(second.is_awaited());
}

TEST_CASE("a moved job goes on and reports once") {
  Source source;
  int calls = 0;
  Job first = Job::start<int>(source.next(), [&](int /*value*/) { ++calls; });
  std::vector<Job> jobs;
  jobs.push_back(std::move(first));
  first.cancel();
  source.deliver(1);
  CHECK(calls == 1);
}

TEST_CASE("the end of a job may destroy the job") {
  Source source;
  auto job = std::make_unique<Job>();
  int seen = 0;
  *job = Job::start<int>(source.next(), [&](int value) {
    job.reset();
    seen = value;
  });
  source.deliver(5);
  CHECK(seen == 5);
  CHECK(job == nullptr);
}

TEST_CASE("the end of a job without a value may destroy the job") {
  Source source;
  const auto body = [](Source* from) -> Task<void> {
    const int value = co_await from->next();
    CHECK(value == 1);
  };
  auto job = std::make_unique<Job>();
  *job = Job::start(body(&source), [&] { job.reset(); });
  source.deliver(1);
  CHECK(job == nullptr);
}

TEST_CASE("100,000 awaits of ready tasks in a loop do not grow the stack") {
  StackUse use;
  const Job job = Job::start<StackUse>(await_in_a_loop(100'000), [&](StackUse u) { use = u; });
  REQUIRE(use.highest != 0);
  CHECK(use.highest - use.lowest < 64 * 1024);
}

TEST_CASE("100,000 awaits of ready tasks after a wait do not grow the stack") {
  Source source;
  StackUse use;
  const Job job = Job::start<StackUse>(wait_then_await_in_a_loop(&source, 100'000),
                                       [&](StackUse u) { use = u; });
  REQUIRE(use.highest == 0);
  source.deliver(0);
  REQUIRE(use.highest != 0);
  CHECK(use.highest - use.lowest < 64 * 1024);
}

TEST_CASE("100,000 waits in a loop do not grow the stack") {
  Source source;
  StackUse use;
  const Job job =
      Job::start<StackUse>(wait_in_a_loop(&source, 100'000), [&](StackUse u) { use = u; });
  for (int i = 0; i < 100'000; ++i) source.deliver(0);
  REQUIRE(use.highest != 0);
  CHECK(use.highest - use.lowest < 64 * 1024);
}

TEST_CASE("tasks nest a thousand deep, ready or waiting, finished or cancelled") {
  int seen = 0;
  const Job at_once = Job::start<int>(nested(1000), [&](int value) { seen = value; });
  CHECK(seen == 1000);
  Source source;
  const Job later = Job::start<int>(nested_wait(&source, 1000), [&](int value) { seen = value; });
  source.deliver(1);
  CHECK(seen == 1001);
  Job cancelled = Job::start<int>(nested_wait(&source, 1000), [&](int /*value*/) { seen = 0; });
  cancelled.cancel();
  CHECK_FALSE(source.is_awaited());
  CHECK(seen == 1001);
}

}  // namespace primocane

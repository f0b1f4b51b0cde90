// SPDX-License-Identifier: Apache-2.0
// Task<T>: what waits is a coroutine on the event loop's one thread.
//
// A Task starts when it is awaited (or handed to Job) and lives inside its owner, so destroying
// the outermost Task cancels everything below it: each awaitable withdraws its request in its
// destructor. A Task that finishes without waiting does not suspend its caller, so that long
// loops of ready results need no stack (GCC's symmetric transfer grows it without optimisation).
//
// A coroutine takes values, or references and pointers to what outlives it (its owner, or what its
// caller's frame holds), never to a temporary. GCC 12 miscompiles some uses: `co_await` is a whole
// statement or all that is right of `=` or `co_return`, a lambda that is a coroutine captures
// nothing, a statement with co_await makes no lambda, and no statement of a coroutine makes an
// initializer list of anything with a destructor (it would be destroyed twice).
#pragma once

#include <cassert>
#include <coroutine>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace primocane {

template <typename T>
class Task;

namespace detail {

/// What every promise shares: whom to resume, and whether the awaiting coroutine is still on the
/// stack above us (then it goes on by itself and must not be resumed).
struct TaskPromiseBase {
  std::coroutine_handle<> continuation;
  bool awaiting_inline = false;

  struct FinalAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <typename Promise>
    void await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      TaskPromiseBase& promise = self.promise();
      if (promise.awaiting_inline || !promise.continuation) return;
      promise.continuation.resume();  // may destroy this frame: touch nothing afterwards
    }
    void await_resume() const noexcept {}
  };

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }
  [[noreturn]] void unhandled_exception() const noexcept { std::abort(); }
};

template <typename T>
struct TaskPromise final : TaskPromiseBase {
  std::optional<T> value;

  Task<T> get_return_object() noexcept;
  template <typename U = T>  // the default makes `co_return {};` a T
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
};

template <>
struct TaskPromise<void> final : TaskPromiseBase {
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
};

}  // namespace detail

/// A lazily started computation that yields a T. Move-only; awaited at most once; destroying it
/// before it is done cancels it. Errors are values (Result), an exception aborts.
template <typename T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      reset();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { reset(); }

  [[nodiscard]] bool await_ready() const noexcept { return false; }

  /// Runs the task until its first wait; suspends the awaiting coroutine only if it is not done.
  bool await_suspend(std::coroutine_handle<> awaiting) {
    assert(handle_);
    promise_type& promise = handle_.promise();
    promise.continuation = awaiting;
    promise.awaiting_inline = true;
    handle_.resume();
    promise.awaiting_inline = false;
    return !handle_.done();
  }

  T await_resume() {
    if constexpr (!std::is_void_v<T>) return std::move(*handle_.promise().value);
  }

 private:
  void reset() {
    if (handle_) std::exchange(handle_, {}).destroy();
  }

  Handle handle_;
};

namespace detail {

template <typename T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise<T>>::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise<void>>::from_promise(*this));
}

}  // namespace detail

namespace detail {

/// The outermost coroutine of a Job. What it returns is called once the frame is suspended for
/// good, so that the call may destroy the Job.
struct Root {
  struct promise_type {
    std::function<void()> finish;

    struct FinalAwaiter {
      [[nodiscard]] bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<promise_type> self) const noexcept {
        const std::function<void()> call = std::move(self.promise().finish);
        call();  // may destroy the frame: touch nothing afterwards
      }
      void await_resume() const noexcept {}
    };

    Root get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] FinalAwaiter final_suspend() const noexcept { return {}; }
    void return_value(std::function<void()> call) { finish = std::move(call); }
    [[noreturn]] void unhandled_exception() const noexcept { std::abort(); }
  };

  std::coroutine_handle<promise_type> handle;
};

}  // namespace detail

/// Owns a running Task: starts it at once and calls `done` with its value when it ends, possibly
/// before start() returns. Destroying a Job cancels its task. `done` may destroy the Job; anything
/// that the task itself calls must not.
class Job {
 public:
  Job() = default;
  Job(Job&& other) noexcept : root_(std::exchange(other.root_, {})) {}
  Job& operator=(Job&& other) noexcept {
    if (this != &other) {
      cancel();
      root_ = std::exchange(other.root_, {});
    }
    return *this;
  }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job() { cancel(); }

  template <typename T>
  static Job start(Task<T> task, std::function<void(T)> done) {
    return Job(run<T>(std::move(task), std::move(done)));
  }
  static Job start(Task<void> task, std::function<void()> done) {
    return Job(run_void(std::move(task), std::move(done)));
  }

  /// Cancels the task if it still runs.
  void cancel() {
    if (root_) std::exchange(root_, {}).destroy();
  }

 private:
  explicit Job(detail::Root root) : root_(root.handle) { root_.resume(); }

  template <typename T>
  static detail::Root run(Task<T> task, std::function<void(T)> done) {
    T value = co_await task;
    auto kept = std::make_shared<T>(std::move(value));
    std::function<void()> finish = [done = std::move(done), kept] { done(std::move(*kept)); };
    co_return finish;
  }
  static detail::Root run_void(Task<void> task, std::function<void()> done) {
    co_await task;
    co_return done;
  }

  std::coroutine_handle<detail::Root::promise_type> root_;
};

/// One-shot bridge from a callback to a coroutine: `co_await` returns what `complete` was given,
/// whichever comes first. Stays where it is; whoever holds a pointer to it must drop that when the
/// Completion is destroyed (cancellation).
template <typename T>
class Completion {
 public:
  Completion() = default;
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;
  ~Completion() = default;

  /// Delivers the value and resumes the waiting coroutine, which may destroy this object.
  void complete(T value) {
    assert(!value_);
    value_.emplace(std::move(value));
    if (waiting_) std::exchange(waiting_, {}).resume();
  }

  [[nodiscard]] bool await_ready() const noexcept { return value_.has_value(); }
  void await_suspend(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
  T await_resume() { return std::move(*value_); }

 private:
  std::optional<T> value_;
  std::coroutine_handle<> waiting_;
};

}  // namespace primocane

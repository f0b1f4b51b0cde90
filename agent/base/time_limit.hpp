// SPDX-License-Identifier: Apache-2.0
// A Task that is given up when it takes too long.
#pragma once

#include "base/event_loop.hpp"
#include "base/task.hpp"

#include <optional>
#include <utility>

namespace primocane {

/// What `task` returns, or nothing when it has not returned after `limit`; it is cancelled then.
template <typename T>
Task<std::optional<T>> within(EventLoop& loop, Duration limit, Task<T> task) {
  Completion<std::optional<T>> first;
  const std::unique_ptr<Registration> timer =
      loop.after(limit, [&first] { first.complete(std::nullopt); });
  const Job job = Job::start<T>(
      std::move(task), [&first](T value) { first.complete(std::optional<T>(std::move(value))); });
  std::optional<T> result = co_await first;
  co_return result;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Errors as values: what failed, and what the caller should do next.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

/// Says what the loop does next with a failure; it is chosen by that, not by where it arose.
enum class ErrorKind {
  invalid,      ///< the input is wrong: wait for a new commit or configuration
  denied,       ///< not allowed: retry slowly and say so loudly
  conflict,     ///< the world changed meanwhile: look again, then retry
  unavailable,  ///< something is not there yet or any more: back off, then retry
  cancelled,    ///< the caller no longer wants it: leave without a word
};

/// The word for `kind` in messages, events and JSON ("invalid", "denied", ...).
[[nodiscard]] std::string_view to_string(ErrorKind kind);

/// The kind whose word is `word`, if there is one.
[[nodiscard]] std::optional<ErrorKind> error_kind_of(std::string_view word);

/// A failure. `message` is lower case, names the object, the file and line where there is one, and
/// what was expected; it never holds a secret's value.
struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string message;

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = std::expected<T, Error>;

/// Shorthand for returning a failure from a function that returns a Result.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message)});
}

/// `error` with one context phrase in front: "phrase: message".
[[nodiscard]] Error with_context(std::string_view phrase, Error error);

/// States that an error is dropped on purpose, and why.
template <typename T>
void ignore(const Result<T>& /*result*/, std::string_view /*why*/) {}

}  // namespace primocane

// The value of a Result, or return of its error from the enclosing function. A statement
// expression, because std::expected of GCC 12 has no and_then. Not for coroutines, and not inside
// braces that initialise something: GCC 12 never destroys the members that are there already.
#define TRY(...)                                                              \
  (__extension__({                                                            \
    auto try_result_ = (__VA_ARGS__);                                         \
    if (!try_result_) return std::unexpected(std::move(try_result_).error()); \
    ::primocane::detail::take(std::move(try_result_));                        \
  }))

// The same for coroutines: `CO_TRY(auto x, co_await f());` declares x; `CO_CHECK(co_await g());`
// is for Result<void>. Declarations, because GCC cannot suspend inside a statement expression.
#define PRIMOCANE_JOIN_(a, b) a##b
#define PRIMOCANE_JOIN(a, b) PRIMOCANE_JOIN_(a, b)
#define CO_TRY(declaration, ...)                                                     \
  auto PRIMOCANE_JOIN(co_try_, __LINE__) = __VA_ARGS__;                              \
  if (!PRIMOCANE_JOIN(co_try_, __LINE__))                                            \
    co_return std::unexpected(std::move(PRIMOCANE_JOIN(co_try_, __LINE__)).error()); \
  declaration = std::move(*PRIMOCANE_JOIN(co_try_, __LINE__))
#define CO_CHECK(...)                                                                      \
  do {                                                                                     \
    auto co_check_result_ = __VA_ARGS__;                                                   \
    if (!co_check_result_) co_return std::unexpected(std::move(co_check_result_).error()); \
  } while (false)

namespace primocane::detail {

template <typename T>
T take(Result<T>&& result) {
  return std::move(*result);
}
inline void take(Result<void>&& /*result*/) {}

}  // namespace primocane::detail

// SPDX-License-Identifier: Apache-2.0
// What the error macros do: hand a value on, or leave with the error.
#include "base/error.hpp"

#include "base/task.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>

namespace primocane {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return fail(ErrorKind::invalid, "odd");
  return number / 2;
}

Result<void> must_be_even(int number) {
  TRY(half(number));
  return {};
}

Result<std::string> quarter(int number) {
  TRY(must_be_even(number));
  const int halved = TRY(half(number));
  return std::to_string(TRY(half(halved)));
}

Result<std::unique_ptr<int>> boxed(int number) {
  std::unique_ptr<int> box = std::make_unique<int>(TRY(half(number)));
  return box;
}

Result<int> unboxed(int number) {
  const std::unique_ptr<int> box = TRY(boxed(number));
  return *box;
}

Task<Result<void>> check_even(int number) { co_return must_be_even(number); }

Task<Result<int>> half_later(int number) { co_return half(number); }

Task<Result<int>> quarter_later(int number) {
  CO_CHECK(co_await check_even(number));
  CO_TRY(const int halved, co_await half_later(number));
  CO_TRY(const int quartered, co_await half_later(halved));
  co_return quartered;
}

Result<int> run(Task<Result<int>> task) {
  Result<int> seen = 0;
  const Job job = Job::start<Result<int>>(std::move(task), [&](Result<int> r) { seen = r; });
  return seen;
}

}  // namespace

TEST_CASE("TRY hands the value on or returns the error") {
  CHECK(quarter(8) == "2");
  CHECK(quarter(6).error() == Error{ErrorKind::invalid, "odd"});
  CHECK(quarter(7).error().message == "odd");
  CHECK(unboxed(8) == 4);
  CHECK_FALSE(unboxed(7).has_value());
}

TEST_CASE("CO_TRY and CO_CHECK do the same in coroutines") {
  CHECK(run(quarter_later(8)) == 2);
  CHECK(run(quarter_later(6)).error().message == "odd");
  CHECK(run(quarter_later(7)).error().kind == ErrorKind::invalid);
}

TEST_CASE("context is put before the message and keeps the kind") {
  const Error error = with_context("reading config.yaml", Error{ErrorKind::denied, "no key"});
  CHECK(error == Error{ErrorKind::denied, "reading config.yaml: no key"});
}

TEST_CASE("every kind of error has a word of its own") {
  CHECK(to_string(ErrorKind::invalid) == "invalid");
  CHECK(to_string(ErrorKind::denied) == "denied");
  CHECK(to_string(ErrorKind::conflict) == "conflict");
  CHECK(to_string(ErrorKind::unavailable) == "unavailable");
  CHECK(to_string(ErrorKind::cancelled) == "cancelled");
}

}  // namespace primocane

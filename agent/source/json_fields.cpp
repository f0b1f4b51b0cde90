// SPDX-License-Identifier: Apache-2.0
#include "source/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <system_error>

namespace primocane {

Value to_value(std::uint64_t number) { return Number{fmt::format("{}", number)}; }

Value to_value(WallTime time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch());
  return to_value(static_cast<std::uint64_t>(std::max<std::int64_t>(seconds.count(), 0)));
}

std::unexpected<Error> odd_field(std::string_view key) {
  return fail(ErrorKind::invalid, fmt::format("field \"{}\" is missing or odd", key));
}

Result<std::uint64_t> read_number(const Value& value, std::string_view key) {
  const Number* number = value.as_number();
  if (number == nullptr) return odd_field(key);
  std::uint64_t result = 0;
  const char* const end = number->text.data() + number->text.size();
  const auto [stop, error] = std::from_chars(number->text.data(), end, result);
  if (error != std::errc() || stop != end) return odd_field(key);
  return result;
}

Result<std::uint64_t> number_at(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  if (value == nullptr) return odd_field(key);
  return read_number(*value, key);
}

Result<bool> bool_at(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  if (value == nullptr || value->as_bool() == nullptr) return odd_field(key);
  return *value->as_bool();
}

Result<CommitId> commit_at(const Value& object, std::string_view key) {
  const Result<CommitId> commit = CommitId::parse(object.text_at(key));
  if (!commit) return odd_field(key);
  return *commit;
}

Result<WallTime> time_at(const Value& object, std::string_view key) {
  const std::uint64_t seconds = TRY(number_at(object, key));
  return to_commit_time(
      static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, commit_time_max)));
}

Result<const Array*> array_at(const Value& object, std::string_view key, std::size_t count_max) {
  const Value* value = object.find(key);
  if (value == nullptr || value->as_array() == nullptr || value->as_array()->size() > count_max) {
    return odd_field(key);
  }
  return value->as_array();
}

WallTime to_commit_time(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, commit_time_max)));
}

}  // namespace primocane

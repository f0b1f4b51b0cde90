// SPDX-License-Identifier: Apache-2.0
// Fields of small JSON objects that our own programs write: numbers, commits and times.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace primocane {

[[nodiscard]] Value to_value(std::uint64_t number);
/// In seconds since 1970, not before.
[[nodiscard]] Value to_value(WallTime time);

/// The error of a field that is missing or not what it should be.
[[nodiscard]] std::unexpected<Error> odd_field(std::string_view key);

/// A number that is no negative integer.
[[nodiscard]] Result<std::uint64_t> read_number(const Value& value, std::string_view key);
[[nodiscard]] Result<std::uint64_t> number_at(const Value& object, std::string_view key);
[[nodiscard]] Result<bool> bool_at(const Value& object, std::string_view key);
[[nodiscard]] Result<CommitId> commit_at(const Value& object, std::string_view key);
/// Later times than commit_time_max are taken for it.
[[nodiscard]] Result<WallTime> time_at(const Value& object, std::string_view key);
/// A list of at most `count_max` values.
[[nodiscard]] Result<const Array*> array_at(const Value& object, std::string_view key,
                                            std::size_t count_max);

/// The latest time of a commit that is believed, in seconds since 1970: the year 2200. Anybody can
/// write a later one, which would overflow WallTime in 2262.
inline constexpr std::int64_t commit_time_max = 7'258'118'400;

/// A commit's time as git stores it, within what is believed.
[[nodiscard]] WallTime to_commit_time(std::int64_t seconds);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "base/quantity.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <ranges>

namespace primocane {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// In nanoseconds. The order matters where one unit's name begins with another's.
constexpr std::array duration_units{Unit{"ns", 1},
                                    Unit{"us", 1'000},
                                    Unit{"ms", 1'000'000},
                                    Unit{"s", 1'000'000'000},
                                    Unit{"m", 60'000'000'000},
                                    Unit{"h", 3'600'000'000'000}};

constexpr std::int64_t kibi = 1024;
constexpr std::array size_units{Unit{"Ki", kibi},
                                Unit{"Mi", kibi* kibi},
                                Unit{"Gi", kibi* kibi* kibi},
                                Unit{"Ti", kibi* kibi* kibi* kibi},
                                Unit{"k", 1'000},
                                Unit{"M", 1'000'000},
                                Unit{"G", 1'000'000'000},
                                Unit{"T", 1'000'000'000'000}};

// Takes digits off the front of `text`; nothing if there are none or they do not fit.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// The digits after a decimal point as billionths; more than nine are cut off, as Go does.
std::optional<std::int64_t> take_billionths(std::string_view& text) {
  std::int64_t billionths = 0;
  std::int64_t place = 100'000'000;
  const std::size_t before = text.size();
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    billionths += place * (text.front() - '0');
    place /= 10;
    text.remove_prefix(1);
  }
  if (text.size() == before) return std::nullopt;
  return billionths;
}

std::optional<std::int64_t> take_duration_unit(std::string_view& text) {
  for (const Unit& unit : duration_units) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return unit.factor;
  }
  return std::nullopt;
}

std::optional<std::int64_t> multiply(std::int64_t a, std::int64_t b) {
  if (b != 0 && a > std::numeric_limits<std::int64_t>::max() / b) return std::nullopt;
  return a * b;
}

std::optional<std::int64_t> add(std::int64_t a, std::int64_t b) {
  if (a > std::numeric_limits<std::int64_t>::max() - b) return std::nullopt;
  return a + b;
}

// One number with its unit, in nanoseconds.
std::optional<std::int64_t> take_part(std::string_view& text) {
  const std::optional<std::int64_t> whole = take_number(text);
  if (!whole) return std::nullopt;
  std::int64_t billionths = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::optional<std::int64_t> fraction = take_billionths(text);
    if (!fraction) return std::nullopt;
    billionths = *fraction;
  }
  const std::optional<std::int64_t> factor = take_duration_unit(text);
  if (!factor) return std::nullopt;
  const std::optional<std::int64_t> nanoseconds = multiply(*whole, *factor);
  if (!nanoseconds) return std::nullopt;
  // The product of the fraction would not fit for hours; the longest unit's billionth is 3600 ns.
  const std::int64_t billion = 1'000'000'000;
  const std::int64_t fraction =
      *factor >= billion ? billionths * (*factor / billion) : billionths / (billion / *factor);
  return add(*nanoseconds, fraction);
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  const auto refuse = [text] {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is not a duration like 30s, 5m or 1h30m", text));
  };
  if (text == "0") return Duration::zero();
  if (text.empty()) return refuse();
  std::int64_t sum = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::optional<std::int64_t> part = take_part(rest);
    if (!part) return refuse();
    const std::optional<std::int64_t> longer = add(sum, *part);
    if (!longer) return refuse();
    sum = *longer;
  }
  return Duration(sum);
}

std::string write_duration(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest <= 0) return "0s";
  std::string text;
  for (const Unit& unit : std::views::reverse(duration_units)) {
    if (rest < unit.factor) continue;
    text += fmt::format("{}{}", rest / unit.factor, unit.name);
    rest %= unit.factor;
  }
  return text;
}

Result<ByteCount> parse_size(std::string_view text) {
  const auto refuse = [text] {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is not a size like 512Ki, 64Mi or 1Gi", text));
  };
  std::string_view rest = text;
  if (rest.empty()) return refuse();
  const std::optional<std::int64_t> number = take_number(rest);
  if (!number) return refuse();
  if (rest.empty()) return ByteCount(static_cast<std::uint64_t>(*number));
  for (const Unit& unit : size_units) {
    if (rest != unit.name) continue;
    const std::optional<std::int64_t> bytes = multiply(*number, unit.factor);
    if (!bytes) return refuse();
    return ByteCount(static_cast<std::uint64_t>(*bytes));
  }
  return refuse();
}

std::string write_size(ByteCount size) {
  constexpr std::array<std::string_view, 5> suffixes{"", "Ki", "Mi", "Gi", "Ti"};
  std::uint64_t count = size.count();
  std::size_t power = 0;
  while (count != 0 && count % 1024 == 0 && power + 1 < suffixes.size()) {
    count /= 1024;
    ++power;
  }
  return fmt::format("{}{}", count, suffixes[power]);
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "document/key_order.hpp"

#include "document/letters.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

namespace primocane {

namespace {

// Every character outside ASCII counts as a letter: bytes of UTF-8 sort as the characters do.
bool is_letter(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

struct DigitRun {
  std::uint64_t value = 0;
  std::size_t end = 0;
};

// `initial` stands for what precedes the run; too many digits wrap around, as in Go.
DigitRun digit_run(std::string_view text, std::size_t first, std::uint64_t initial) {
  DigitRun run{.value = initial, .end = first};
  for (; run.end < text.size() && is_digit(text[run.end]); ++run.end) {
    run.value = run.value * 10 + static_cast<std::uint64_t>(text[run.end] - '0');
  }
  return run;
}

// Whether the digits right before `end` are not all zeros.
bool follows_number(std::string_view text, std::size_t end) {
  for (; end > 0 && is_digit(text[end - 1]); --end) {
    if (text[end - 1] != '0') return true;
  }
  return false;
}

// Up to this many Go sorts by insertion (sort.Sort).
constexpr std::size_t inserted_max = 12;

// The order is not consistent where digits and letters mix (a20, a100, a10b, a1b, a20): std::sort
// may then leave the bounds; insertion and a heap do not.
void sort_members(Object& members) {
  const auto is_before = [](const Object::Member& a, const Object::Member& b) {
    return is_printed_before(a.first, b.first);
  };
  if (members.size() > inserted_max) {
    std::make_heap(members.begin(), members.end(), is_before);
    std::sort_heap(members.begin(), members.end(), is_before);
    return;
  }
  for (auto end = members.begin(); end != members.end(); ++end) {
    for (auto at = end; at != members.begin() && is_before(*at, *std::prev(at)); --at) {
      std::swap(*at, *std::prev(at));
    }
  }
}

void sort_within(Value& value) {
  if (Array* items = value.as_array()) {
    for (Value& item : *items) sort_within(item);
  } else if (Object* members = value.as_object()) {
    for (auto& [key, member] : *members) sort_within(member);
    sort_members(*members);
  }
}

}  // namespace

bool is_printed_before(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  const auto index =
      static_cast<std::size_t>(std::ranges::mismatch(a.substr(0, common), b).in1 - a.begin());
  if (index == common) return a.size() < b.size();
  const bool a_letter = is_letter(a[index]);
  const bool b_letter = is_letter(b[index]);
  const auto a_byte = static_cast<unsigned char>(a[index]);
  const auto b_byte = static_cast<unsigned char>(b[index]);
  if (a_letter && b_letter) return a_byte < b_byte;
  if (a_letter || b_letter) return b_letter;

  const bool has_zero = a[index] == '0' || b[index] == '0';
  const std::uint64_t initial = has_zero && follows_number(a, index) ? 1 : 0;
  const DigitRun a_run = digit_run(a, index, initial);
  const DigitRun b_run = digit_run(b, index, initial);
  if (a_run.value != b_run.value) {
    return static_cast<std::int64_t>(a_run.value) < static_cast<std::int64_t>(b_run.value);
  }
  if (a_run.end != b_run.end) return a_run.end < b_run.end;
  return a_byte < b_byte;
}

Value in_printed_order(Value value) {
  sort_within(value);
  return value;
}

}  // namespace primocane

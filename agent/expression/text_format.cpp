// SPDX-License-Identifier: Apache-2.0
#include "expression/text_format.hpp"

#include "document/go_number.hpp"
#include "document/letters.hpp"
#include "expression/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t precision_max = 1'000'000;
// A double has at most so many digits before its point.
constexpr std::size_t real_digits_max = 320;

std::unexpected<Error> wrong_format(std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("a clause of the format {}", why));
}

Result<FormatClause> take_clause(std::string_view& format) {
  FormatClause clause;
  if (format.starts_with('.')) {
    format.remove_prefix(1);
    if (format.empty() || !is_digit(format.front())) return wrong_format("has no precision");
    clause.precision = 0;
    for (; !format.empty() && is_digit(format.front()); format.remove_prefix(1)) {
      clause.precision = clause.precision * 10 + static_cast<std::size_t>(format.front() - '0');
      if (clause.precision > precision_max) return wrong_format("has too big a precision");
    }
  }
  if (format.empty()) return wrong_format("does not end");
  clause.letter = format.front();
  if (std::string_view("sdfebxXo").find(clause.letter) == std::string_view::npos) {
    return wrong_format("is none of s, d, f, e, b, x, X and o");
  }
  format.remove_prefix(1);
  return clause;
}

std::string real_word(double value) {
  if (std::isnan(value)) return "NaN";
  return value < 0 ? "-Infinity" : "Infinity";
}

std::string plain_real(double value) {
  return std::isfinite(value) ? go_fixed_float(value) : real_word(value);
}

// Go's fmt knows no %f of an integer and says so; cel-go leaves it at that.
std::string misfit(const FormatClause& clause, const CelValue& value) {
  const bool is_signed = value.is(CelKind::integer);
  const std::int64_t integer = is_signed ? *value.as<std::int64_t>() : 0;
  const std::uint64_t magnitude = is_signed ? (integer < 0 ? 0 - static_cast<std::uint64_t>(integer)
                                                           : static_cast<std::uint64_t>(integer))
                                            : *value.as<std::uint64_t>();
  std::string digits = fmt::format("{:0{}}", magnitude, clause.precision);
  if (clause.precision == 0 && magnitude == 0) digits.clear();
  return fmt::format("%!{}({}={}{})", clause.letter, is_signed ? "int64" : "uint64",
                     integer < 0 ? "-" : "", digits);
}

std::string hexadecimal_bytes(std::string_view bytes, char letter) {
  std::string text;
  for (const char byte : bytes) {
    const auto number = static_cast<unsigned char>(byte);
    text += letter == 'x' ? fmt::format("{:02x}", number) : fmt::format("{:02X}", number);
  }
  return text;
}

template <typename T>
std::string in_base(T value, char letter) {
  switch (letter) {
    case 'b':
      return fmt::format("{:b}", value);
    case 'o':
      return fmt::format("{:o}", value);
    case 'x':
      return fmt::format("{:x}", value);
    case 'X':
      return fmt::format("{:X}", value);
    default:
      return fmt::format("{}", value);
  }
}

std::string clause_text(const FormatClause& clause, const CelValue& value) {
  const bool is_real_clause = clause.letter == 'f' || clause.letter == 'e';
  if (const auto* real = value.as<double>()) {
    if (!is_real_clause || !std::isfinite(*real)) return plain_real(*real);
    return clause.letter == 'f' ? fmt::format("{:.{}f}", *real, clause.precision)
                                : fmt::format("{:.{}e}", *real, clause.precision);
  }
  if (value.is(CelKind::text) || value.is(CelKind::bytes)) {
    return hexadecimal_bytes(value.view(), clause.letter);
  }
  if (const auto* boolean = value.as<bool>()) return *boolean ? "1" : "0";
  if (is_real_clause) return misfit(clause, value);
  if (const auto* integer = value.as<std::int64_t>()) return in_base(*integer, clause.letter);
  return in_base(*value.as<std::uint64_t>(), clause.letter);
}

// What %s makes of a value; of lists and mappings with all that is in them.
class PlainText {
 public:
  explicit PlainText(Budget& budget) : budget_(budget) {}

  Result<std::string> of(const CelValue& value) {
    std::string text = TRY(unpaid(value));
    if (!budget_.make(text.size())) return fail(ErrorKind::invalid, "the text is too long");
    return text;
  }

 private:
  Result<std::string> unpaid(const CelValue& value) {
    switch (value.kind()) {
      case CelKind::null:
        return "null";
      case CelKind::boolean:
        return *value.as<bool>() ? "true" : "false";
      case CelKind::integer:
        return fmt::format("{}", *value.as<std::int64_t>());
      case CelKind::unsigned_integer:
        return fmt::format("{}", *value.as<std::uint64_t>());
      case CelKind::real:
        return plain_real(*value.as<double>());
      case CelKind::text:
      case CelKind::bytes:
        return std::string(value.view());
      case CelKind::timestamp:
        return to_rfc3339(value.as<CelTimestamp>()->instant);
      case CelKind::duration:
        return duration_text(*value.as<CelDuration>());
      case CelKind::type:
        return std::string(to_string(*value.as<CelKind>()));
      case CelKind::list:
        return of_list(*value.as<CelList>());
      case CelKind::map:
        return of_map(*value.as<CelMap>());
      case CelKind::optional:
      case CelKind::any:
        break;
    }
    return fail(ErrorKind::invalid, "the clause %s does not take an optional");
  }

  Result<std::string> of_list(const CelList& list) {
    std::string text = "[";
    for (std::size_t index = 0; index < list.size(); ++index) {
      if (index > 0) text += ", ";
      text += TRY(of(list.at(index)));
    }
    return text + "]";
  }

  Result<std::string> of_map(const CelMap& map) {
    std::vector<std::pair<std::string, std::string>> entries;
    for (std::size_t index = 0; index < map.size(); ++index) {
      std::string key = TRY(of(map.key_at(index)));
      entries.emplace_back(std::move(key), TRY(of(map.value_at(index))));
    }
    std::ranges::stable_sort(entries, {}, &std::pair<std::string, std::string>::first);
    std::string text = "{";
    for (const auto& [key, value] : entries) {
      if (text.size() > 1) text += ", ";
      text.append(key).append(": ").append(value);
    }
    return text + "}";
  }

  Budget& budget_;
};

}  // namespace

Result<std::vector<FormatPart>> parse_format(std::string_view format) {
  std::vector<FormatPart> parts(1);
  while (!format.empty()) {
    const std::size_t length = std::min(format.find('%'), format.size());
    parts.back().text += format.substr(0, length);
    format.remove_prefix(length);
    if (format.empty()) break;
    format.remove_prefix(1);
    if (format.starts_with('%')) {
      parts.back().text += '%';
      format.remove_prefix(1);
      continue;
    }
    parts.back().clause = TRY(take_clause(format));
    parts.emplace_back();
  }
  return parts;
}

bool takes_kind(const FormatClause& clause, CelKind kind) {
  const bool is_whole = kind == CelKind::integer || kind == CelKind::unsigned_integer;
  switch (clause.letter) {
    case 'd':
    case 'f':
    case 'e':
      return is_whole || kind == CelKind::real;
    case 'b':
      return is_whole || kind == CelKind::boolean;
    case 'x':
    case 'X':
      return is_whole || kind == CelKind::text || kind == CelKind::bytes;
    case 'o':
      return is_whole;
    default:
      return kind != CelKind::optional;
  }
}

Result<CelValue> formatted(std::string_view format, const CelList& list, Budget& budget) {
  budget.look_at(format.size());
  std::string result;
  std::size_t used = 0;
  for (const FormatPart& part : TRY(parse_format(format))) {
    result += part.text;
    if (!part.clause) continue;
    if (used == list.size()) return wrong_format("has no argument");
    const CelValue value = list.at(used++);
    if (!takes_kind(*part.clause, value.kind())) {
      return fail(ErrorKind::invalid, fmt::format("the clause %{} does not take {}",
                                                  part.clause->letter, to_string(value.kind())));
    }
    if (!budget.make(part.clause->precision + real_digits_max + 2 * value.view().size())) break;
    result += part.clause->letter == 's' ? TRY(PlainText(budget).of(value))
                                         : clause_text(*part.clause, value);
  }
  return CelValue::text(std::move(result));
}

}  // namespace primocane

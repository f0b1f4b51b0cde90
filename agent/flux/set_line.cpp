// SPDX-License-Identifier: Apache-2.0
#include "flux/set_line.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::int64_t index_max = 65536;         // strvals.MaxIndex
constexpr std::size_t names_max = 30;             // strvals.MaxNestedNameLevel
constexpr std::size_t set_depth_max = 100;        // ours: strvals recurses as deep as a line asks
constexpr std::size_t padding_max = 4 * 65536UL;  // ours: strvals makes as many as a line asks

// Whether the line goes on behind what was read. strvals' io.EOF is `ended`.
enum class Progress : std::uint8_t { more, ended };

struct TakenText {
  std::string text;          // unescaped
  std::optional<char> stop;  // nothing at the end of the line
};

// strconv.Atoi and ParseInt(base 10).
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return number;
}

bool is_word(std::string_view text, std::string_view lower_case) {
  if (text.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower_case[i]) return false;
  }
  return true;
}

class SetLineParser {
 public:
  SetLineParser(std::string_view line, SetValues kind)
      : rest_(line), size_(line.size()), kind_(kind) {}

  Result<void> run(SharedValue::Mapping& values) {
    while (true) {
      if (TRY(name(values, 0)) == Progress::ended) return {};
    }
  }

 private:
  [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const {
    return fail(ErrorKind::invalid, fmt::format("{}, character {}", what, size_ - rest_.size()));
  }

  TakenText take(std::string_view stops) {
    TakenText taken;
    while (!rest_.empty()) {
      char next = take_one();
      if (stops.find(next) != std::string_view::npos) {
        taken.stop = next;
        return taken;
      }
      if (next == '\\') {
        if (rest_.empty()) return taken;
        next = take_one();
      }
      taken.text += next;
    }
    return taken;
  }

  char take_one() {
    const char first = rest_.front();
    rest_.remove_prefix(1);
    return first;
  }

  // parser.key
  Result<Progress> name(SharedValue::Mapping& values, std::size_t names) {
    if (++nesting_ > set_depth_max) return wrong("names and indices are nested too deeply");
    TakenText taken = take("=[,.");
    Result<Progress> progress = Progress::ended;
    if (!taken.stop) {
      if (!taken.text.empty()) progress = wrong("a name without a value");
    } else if (*taken.stop == '[') {
      progress = items_of(values, taken.text, names);
    } else if (*taken.stop == '=') {
      progress = value_of(values, taken.text);
    } else if (*taken.stop == '.') {
      progress = members_of(values, taken.text, names);
    } else {
      progress = wrong("a name without a value in front of \",\"");
    }
    --nesting_;
    return progress;
  }

  static void set(SharedValue::Mapping& values, const std::string& key, SharedValue value) {
    if (!key.empty()) values.insert_or_assign(key, std::move(value));
  }

  Result<Progress> value_of(SharedValue::Mapping& values, const std::string& key) {
    const bool is_empty = rest_.empty();
    SharedValue read = TRY(value());
    set(values, key, std::move(read));
    return is_empty ? Progress::ended : Progress::more;
  }

  Result<Progress> members_of(SharedValue::Mapping& values, const std::string& key,
                              std::size_t names) {
    if (names + 1 > names_max) return wrong("more than 30 nested names");
    SharedValue inner = SharedValue::empty_mapping();
    const auto found = values.find(key);
    if (found != values.end()) inner = found->second;
    if (inner.mapping() == nullptr) return wrong("a name below something that is no mapping");
    const Progress progress = TRY(name(*inner.mapping(), names + 1));
    const bool is_empty = inner.mapping()->empty();
    if (progress == Progress::more && is_empty) return wrong("a mapping without a value");
    if (!is_empty) set(values, key, std::move(inner));
    return progress;
  }

  Result<Progress> items_of(SharedValue::Mapping& values, const std::string& key,
                            std::size_t names) {
    const std::optional<std::int64_t> at = TRY(index());
    if (!at) return Progress::ended;
    SharedValue list = SharedValue::empty_list();
    const auto found = values.find(key);
    if (found != values.end()) list = found->second;
    if (list.list() == nullptr) return wrong("an index into something that is no list");
    const Progress progress = TRY(item_of(list, static_cast<std::size_t>(*at), names));
    set(values, key, std::move(list));
    return progress;
  }

  // parser.keyIndex, behind "["; nothing if the line ends first.
  Result<std::optional<std::int64_t>> index() {
    const TakenText taken = take("]");
    if (!taken.stop) return std::nullopt;
    const std::optional<std::int64_t> number = whole_number(taken.text);
    if (!number) return wrong("an index that is no whole number");
    if (*number < 0) return wrong("a negative index");
    if (*number > index_max) return wrong("an index above 65536");
    return number;
  }

  // parser.listItem, behind "]". May replace `list` by a longer one.
  Result<Progress> item_of(SharedValue& list, std::size_t at, std::size_t names) {
    if (++nesting_ > set_depth_max) return wrong("names and indices are nested too deeply");
    const TakenText taken = take("[.=");
    if (!taken.text.empty()) return wrong("text behind an index");
    Result<Progress> progress = Progress::ended;
    if (taken.stop) {
      progress = *taken.stop == '='   ? item_value(list, at)
                 : *taken.stop == '[' ? item_items(list, at, names)
                                      : item_members(list, at, names);
    }
    --nesting_;
    return progress;
  }

  Result<Progress> item_value(SharedValue& list, std::size_t at) {
    SharedValue read = TRY(value());
    TRY(set_item(list, at, std::move(read)));
    return Progress::more;
  }

  Result<Progress> item_items(SharedValue& list, std::size_t at, std::size_t names) {
    const std::optional<std::int64_t> next = TRY(index());
    if (!next) return Progress::ended;
    SharedValue inner;
    if (at < list.list()->size()) inner = (*list.list())[at];
    if (inner.is_null()) inner = SharedValue::empty_list();
    if (inner.list() == nullptr) return wrong("an index into something that is no list");
    const Progress progress = TRY(item_of(inner, static_cast<std::size_t>(*next), names));
    if (progress == Progress::ended) return progress;
    TRY(set_item(list, at, std::move(inner)));
    return progress;
  }

  Result<Progress> item_members(SharedValue& list, std::size_t at, std::size_t names) {
    SharedValue inner = SharedValue::empty_mapping();
    if (at < list.list()->size()) {
      SharedValue& item = (*list.list())[at];
      if (item.mapping() == nullptr) item = inner;
      inner = item;
    }
    const Progress progress = TRY(name(*inner.mapping(), names));
    if (progress == Progress::ended) return progress;
    TRY(set_item(list, at, std::move(inner)));
    return progress;
  }

  // strvals.setIndex: a list that is too short is not made longer, but replaced.
  Result<void> set_item(SharedValue& list, std::size_t at, SharedValue value) {
    const std::size_t size = list.list()->size();
    if (at >= size) {
      padding_ += at - size;
      if (padding_ > padding_max) return wrong("indices that leave too many items empty");
      SharedValue::List longer = *list.list();
      longer.resize(at + 1);
      list = SharedValue::list_of(std::move(longer));
    }
    (*list.list())[at] = std::move(value);
    return {};
  }

  // parser.valList and parser.val
  Result<SharedValue> value() {
    if (!rest_.starts_with('{')) return typed(take(",").text);
    take_one();
    SharedValue::List items;
    while (true) {
      TakenText taken = take(",}");
      if (!taken.stop) return wrong("a list without \"}\"");
      items.push_back(typed(std::move(taken.text)));
      if (*taken.stop == ',') continue;
      if (rest_.starts_with(',')) take_one();
      return SharedValue::list_of(std::move(items));
    }
  }

  // strvals.typedVal
  [[nodiscard]] SharedValue typed(std::string text) const {
    if (kind_ == SetValues::strings) return SharedValue(Value(std::move(text)));
    if (is_word(text, "true")) return SharedValue(Value(true));
    if (is_word(text, "false")) return SharedValue(Value(false));
    if (is_word(text, "null")) return {};
    if (text == "0" || !text.starts_with('0')) {
      if (const std::optional<std::int64_t> number = whole_number(text)) {
        return SharedValue(Value(*number));
      }
    }
    return SharedValue(Value(std::move(text)));
  }

  std::string_view rest_;
  std::size_t size_;
  SetValues kind_;
  std::size_t nesting_ = 0;
  std::size_t padding_ = 0;
};

}  // namespace

Result<void> set_by_line(SharedValue::Mapping& values, std::string_view line, SetValues kind) {
  return SetLineParser(line, kind).run(values);
}

}  // namespace primocane

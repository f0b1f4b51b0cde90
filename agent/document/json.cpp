// SPDX-License-Identifier: Apache-2.0
#include "document/json.hpp"

#include "document/schema_reader.hpp"
#include "document/unique_keys.hpp"

#include <fmt/format.h>
#include <yyjson.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace primocane {

namespace {

struct FreeDocument {
  void operator()(yyjson_doc* document) const { yyjson_doc_free(document); }
};
using DocumentHandle = std::unique_ptr<yyjson_doc, FreeDocument>;

std::string text_of(yyjson_val* value) {
  return {unsafe_yyjson_get_str(value), yyjson_get_len(value)};
}

// Turns yyjson's tree into a Value; its count of values is checked before.
class Conversion {
 public:
  Conversion(std::string_view name, const DocumentLimits& limits) : name_(name), limits_(limits) {}

  Result<Value> convert(yyjson_val* value, std::size_t depth) const {
    switch (yyjson_get_type(value)) {
      case YYJSON_TYPE_BOOL:
        return Value(yyjson_get_bool(value));
      case YYJSON_TYPE_RAW:
        return Value(Number{{yyjson_get_raw(value), yyjson_get_len(value)}});
      case YYJSON_TYPE_STR:
        TRY(require_short(value));
        return Value(text_of(value));
      case YYJSON_TYPE_ARR:
        return array(value, depth);
      case YYJSON_TYPE_OBJ:
        return object(value, depth);
      default:
        return Value();
    }
  }

 private:
  Result<Value> array(yyjson_val* value, std::size_t depth) const {
    TRY(require_shallow(depth));
    Array items;
    items.reserve(yyjson_arr_size(value));
    yyjson_arr_iter iterator = yyjson_arr_iter_with(value);
    while (yyjson_val* item = yyjson_arr_iter_next(&iterator)) {
      items.push_back(TRY(convert(item, depth + 1)));
    }
    return Value(std::move(items));
  }

  Result<Value> object(yyjson_val* value, std::size_t depth) const {
    TRY(require_shallow(depth));
    Object members;
    members.reserve(yyjson_obj_size(value));
    yyjson_obj_iter iterator = yyjson_obj_iter_with(value);
    while (yyjson_val* key = yyjson_obj_iter_next(&iterator)) {
      members.append(text_of(key), TRY(convert(yyjson_obj_iter_get_val(key), depth + 1)));
    }
    if (const auto duplicate = duplicate_key(members)) {
      const auto position = static_cast<std::ptrdiff_t>(duplicate->second);
      return bad(fmt::format("the key \"{}\" is given twice", members.begin()[position].first));
    }
    return Value(std::move(members));
  }

  Result<void> require_shallow(std::size_t depth) const {
    if (depth < limits_.depth) return {};
    return bad(fmt::format("nested more than {} levels deep", limits_.depth));
  }

  Result<void> require_short(yyjson_val* text) const {
    if (yyjson_get_len(text) <= limits_.scalar.count()) return {};
    return bad(fmt::format("a string is longer than {}", to_string(limits_.scalar)));
  }

  std::unexpected<Error> bad(std::string_view what) const {
    return fail(ErrorKind::invalid, at_line(name_, 0).append(what));
  }

  std::string_view name_;
  const DocumentLimits& limits_;
};

Error syntax_error(std::string_view text, std::string_view name, const yyjson_read_err& error) {
  const std::size_t position = std::min(error.pos, text.size());
  const auto line =
      static_cast<std::uint32_t>(1 + std::ranges::count(text.substr(0, position), '\n'));
  return {ErrorKind::invalid,
          fmt::format("{}{} at byte {}", at_line(name, line), error.msg, position)};
}

enum class Escapes : std::uint8_t { needed, go };

// What Go escapes beyond what JSON demands: the length of what it takes from `text`, or 0.
std::size_t write_go_escape(std::string_view text, std::string& out) {
  const char letter = text.front();
  if (letter == '\b' || letter == '\f') {
    out += letter == '\b' ? "\\b" : "\\f";
    return 1;
  }
  if (letter == '<' || letter == '>' || letter == '&') {
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(letter));
    return 1;
  }
  for (const std::string_view separator : {"\u2028", "\u2029"}) {
    if (!text.starts_with(separator)) continue;
    out += separator.back() == '\xA8' ? "\\u2028" : "\\u2029";
    return separator.size();
  }
  return 0;
}

void write_string(std::string_view text, Escapes escapes, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    if (escapes == Escapes::go) {
      if (const std::size_t length = write_go_escape(text, out); length > 0) {
        text.remove_prefix(length);
        continue;
      }
    }
    const char letter = text.front();
    text.remove_prefix(1);
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      out += '\\';
      out += letter;
    } else if (letter == '\n') {
      out += "\\n";
    } else if (letter == '\r') {
      out += "\\r";
    } else if (letter == '\t') {
      out += "\\t";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 0xFU];
    } else {
      out += letter;
    }
  }
  out += '"';
}

enum class KeyOrder : std::uint8_t { as_it_is, sorted };

// Writes values to a string; in lines with an indentation of two spaces if asked for.
class JsonWriter {
 public:
  JsonWriter(JsonLayout layout, KeyOrder order, Escapes escapes = Escapes::needed)
      : layout_(layout), order_(order), escapes_(escapes) {}

  std::string take() { return std::move(out_); }

  void write(const Value& value) {
    if (const std::string* text = value.as_string()) {
      write_string(*text, escapes_, out_);
    } else if (const Number* number = value.as_number()) {
      out_ += number->text;
    } else if (const bool* boolean = value.as_bool()) {
      out_ += *boolean ? "true" : "false";
    } else if (const Object* members = value.as_object()) {
      write_object(*members);
    } else if (const Array* items = value.as_array()) {
      write_array(*items);
    } else {
      out_ += "null";
    }
  }

 private:
  void write_array(const Array& items) {
    out_ += '[';
    ++depth_;
    bool is_first = true;
    for (const Value& item : items) {
      begin_item(std::exchange(is_first, false));
      write(item);
    }
    end_collection(items.empty());
    out_ += ']';
  }

  void write_object(const Object& members) {
    out_ += '{';
    ++depth_;
    bool is_first = true;
    const auto write_member = [&](const Object::Member& member) {
      begin_item(std::exchange(is_first, false));
      write_string(member.first, escapes_, out_);
      out_ += layout_ == JsonLayout::lines ? ": " : ":";
      write(member.second);
    };
    if (order_ == KeyOrder::sorted) {
      std::vector<const Object::Member*> sorted;
      for (const Object::Member& member : members) sorted.push_back(&member);
      std::ranges::sort(sorted, {}, &Object::Member::first);
      for (const Object::Member* member : sorted) write_member(*member);
    } else {
      std::ranges::for_each(members, write_member);
    }
    end_collection(members.empty());
    out_ += '}';
  }

  void begin_item(bool is_first) {
    if (!is_first) out_ += ',';
    start_line();
  }

  void end_collection(bool is_empty) {
    --depth_;
    if (!is_empty) start_line();
  }

  void start_line() {
    if (layout_ == JsonLayout::compact) return;
    out_ += '\n';
    out_.append(depth_ * 2, ' ');
  }

  JsonLayout layout_;
  KeyOrder order_;
  Escapes escapes_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

Result<Value> read_json(std::string_view text, std::string_view name,
                        const DocumentLimits& limits) {
  TRY(check_size(text, name, limits));
  yyjson_read_err error{};
  // Without the flag for reading in place yyjson does not change the text.
  char* const bytes = const_cast<char*>(text.data());  // NOLINT(*-pro-type-const-cast)
  const DocumentHandle document(
      yyjson_read_opts(bytes, text.size(), YYJSON_READ_NUMBER_AS_RAW, nullptr, &error));
  if (!document) return std::unexpected(syntax_error(text, name, error));
  if (yyjson_doc_get_val_count(document.get()) > limits.nodes) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: holds more than {} values", name, limits.nodes));
  }
  return Conversion(name, limits).convert(yyjson_doc_get_root(document.get()), 0);
}

std::string write_json(const Value& value) {
  JsonWriter writer(JsonLayout::compact, KeyOrder::as_it_is);
  writer.write(value);
  return writer.take();
}

std::string write_json_pretty(const Value& value) {
  JsonWriter writer(JsonLayout::lines, KeyOrder::as_it_is);
  writer.write(value);
  return writer.take() + "\n";
}

std::string write_canonical_json(const Value& value) {
  JsonWriter writer(JsonLayout::compact, KeyOrder::sorted);
  writer.write(value);
  return writer.take();
}

std::string write_go_json(const Value& value, JsonLayout layout) {
  JsonWriter writer(layout, KeyOrder::sorted, Escapes::go);
  writer.write(value);
  return writer.take();
}

}  // namespace primocane

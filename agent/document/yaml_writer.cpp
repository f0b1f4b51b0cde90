// SPDX-License-Identifier: Apache-2.0
#include "document/yaml_writer.hpp"

#include "document/go_number.hpp"
#include "document/utf8.hpp"
#include "document/yaml_scalar_style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t indentation = 2;
constexpr std::size_t best_width = 80;

// libyaml's emitter (go-yaml v2, emitterc.go) for block collections. The three state variables are
// its: they decide where a space or a line break is due.
class YamlWriter {
 public:
  void document(const Value& value) {
    node(value, Place::root);
    indent_ = 0;
    start_line();
  }

  std::string take() { return std::move(out_); }

 private:
  enum class Place : std::uint8_t { root, item, member };
  // What an indicator leaves behind it.
  enum class After : std::uint8_t { text, indention };

  void node(const Value& value, Place place) {
    if (const Object* members = value.as_object()) {
      mapping(*members, place);
    } else if (const Array* items = value.as_array()) {
      sequence(*items, place);
    } else if (const std::string* text = value.as_string()) {
      string(*text, ScalarRole::value);
    } else if (const Number* number = value.as_number()) {
      word(go_yaml_number(number->text));
    } else if (const bool* boolean = value.as_bool()) {
      word(*boolean ? "true" : "false");
    } else {
      word("null");
    }
  }

  void mapping(const Object& members, Place place) {
    if (members.empty()) {
      indicator("{}", After::text);
      return;
    }
    const std::size_t outer = indent_;
    if (place != Place::root) indent_ += indentation;
    for (const auto& [key, value] : members) {
      start_line();
      if (is_simple_key(key)) {
        string(key, ScalarRole::key);
        put(':');
        is_after_blank_ = false;
        is_indention_ = false;
      } else {
        indicator("?", After::indention);
        string(key, ScalarRole::value);
        start_line();
        indicator(":", After::indention);
      }
      node(value, Place::member);
    }
    indent_ = outer;
  }

  void sequence(const Array& items, Place place) {
    if (items.empty()) {
      indicator("[]", After::text);
      return;
    }
    const std::size_t outer = indent_;
    const bool is_compact = place == Place::member && !is_indention_;
    if (place != Place::root && !is_compact) indent_ += indentation;
    for (const Value& item : items) {
      start_line();
      indicator("-", After::indention);
      node(item, Place::item);
    }
    indent_ = outer;
  }

  // A scalar that needs no quotes.
  void word(std::string_view text) {
    if (!is_after_blank_) put(' ');
    for (const char letter : text) put(letter);
    is_after_blank_ = false;
    is_indention_ = false;
  }

  void string(std::string_view text, ScalarRole role) {
    const std::size_t outer = indent_;
    indent_ += indentation;
    switch (style_of(text, role)) {
      case ScalarStyle::plain:
        plain(text, role);
        break;
      case ScalarStyle::single_quoted:
        single_quoted(text, role);
        break;
      case ScalarStyle::double_quoted:
        double_quoted(text, role);
        break;
      case ScalarStyle::literal:
        literal(text);
        break;
    }
    indent_ = outer;
  }

  [[nodiscard]] bool may_wrap(ScalarRole role, bool after_space) const {
    return role == ScalarRole::value && !after_space && column_ > best_width;
  }

  void plain(std::string_view text, ScalarRole role) {
    if (!is_after_blank_) put(' ');
    bool after_space = false;
    while (!text.empty()) {
      const bool is_space = text.front() == ' ';
      if (is_space && may_wrap(role, after_space) && !text.substr(1).starts_with(' ')) {
        start_line();
        text.remove_prefix(1);
      } else {
        put_character(text);
        if (!is_space) is_indention_ = false;
      }
      after_space = is_space;
    }
    is_after_blank_ = false;
    is_indention_ = false;
  }

  // Never one with line breaks, which take other styles.
  void single_quoted(std::string_view text, ScalarRole role) {
    indicator("'", After::text);
    bool after_space = false;
    for (bool is_first = true; !text.empty(); is_first = false) {
      const bool is_space = text.front() == ' ';
      const bool is_inner = !is_first && text.size() > 1 && text[1] != ' ';
      if (is_space && is_inner && may_wrap(role, after_space)) {
        start_line();
        text.remove_prefix(1);
      } else {
        if (text.front() == '\'') put('\'');
        put_character(text);
        is_indention_ = false;
      }
      after_space = is_space;
    }
    put('\'');
    is_after_blank_ = false;
    is_indention_ = false;
  }

  void double_quoted(std::string_view text, ScalarRole role) {
    indicator("\"", After::text);
    // go-yaml looks for the byte order mark at the front of the text whatever it is at.
    const bool escapes_all = text.starts_with("\uFEFF");
    bool after_space = false;
    for (bool is_first = true; !text.empty(); is_first = false) {
      const bool is_space = text.front() == ' ' && !escapes_all;
      if (is_space && !is_first && text.size() > 1 && may_wrap(role, after_space)) {
        start_line();
        if (text[1] == ' ') put('\\');
        text.remove_prefix(1);
      } else if (escapes_all || !begins_with_printable(text) || text.front() == '\n' ||
                 text.front() == '"' || text.front() == '\\') {
        const std::string_view character = text.substr(0, character_length(text));
        for (const char letter : escape_of(character)) put(letter);
        text.remove_prefix(character.size());
      } else {
        put_character(text);
      }
      after_space = is_space;
    }
    put('"');
    is_after_blank_ = false;
    is_indention_ = false;
  }

  void literal(std::string_view text) {
    indicator("|", After::text);
    if (text.front() == ' ' || text.front() == '\n') put('0' + indentation);
    if (!text.ends_with('\n')) {
      put('-');
    } else if (text == "\n" || text.ends_with("\n\n")) {
      put('+');
    }
    new_line();
    is_after_blank_ = true;
    is_indention_ = true;
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      if (!line.empty()) start_line();
      out_ += line;
      column_ += line.size();
      text.remove_prefix(line.size());
      if (text.empty()) {
        is_indention_ = false;
      } else {
        text.remove_prefix(1);
        new_line();
      }
    }
  }

  // Goes to the indentation, on a new line unless only indentation stands on this one.
  void start_line() {
    if (!is_indention_ || column_ > indent_ || (column_ == indent_ && !is_after_blank_)) new_line();
    while (column_ < indent_) put(' ');
    is_after_blank_ = true;
    is_indention_ = true;
  }

  void indicator(std::string_view text, After after) {
    if (!is_after_blank_) put(' ');
    for (const char letter : text) put(letter);
    is_after_blank_ = false;
    is_indention_ = is_indention_ && after == After::indention;
  }

  void put(char letter) {
    out_ += letter;
    ++column_;
  }

  // Moves one character from `text` to the output; it takes one column.
  void put_character(std::string_view& text) {
    const std::size_t length = character_length(text);
    out_ += text.substr(0, length);
    text.remove_prefix(length);
    ++column_;
  }

  void new_line() {
    out_ += '\n';
    column_ = 0;
  }

  std::string out_;
  std::size_t indent_ = 0;
  std::size_t column_ = 0;
  bool is_after_blank_ = true;
  bool is_indention_ = true;
};

}  // namespace

std::string write_yaml(const Value& value) {
  YamlWriter writer;
  writer.document(value);
  return writer.take();
}

}  // namespace primocane

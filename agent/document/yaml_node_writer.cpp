// SPDX-License-Identifier: Apache-2.0
#include "document/yaml_node_writer.hpp"

#include "base/take_until.hpp"
#include "document/plain_scalar.hpp"
#include "document/written_scalar.hpp"
#include "document/yaml_scalar_style.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace primocane {

namespace {

constexpr std::size_t node_indentation = 2;

bool is_empty(const Value& value) {
  if (const Array* items = value.as_array()) return items->empty();
  const Object* members = value.as_object();
  return members != nullptr && members->empty();
}

bool is_block(const Value& value) {
  return (value.is_array() || value.is_object()) && !value.spelling().is_flow && !is_empty(value);
}

std::string double_quoted(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const std::string_view character = text.substr(0, character_length(text));
    const char first = character.front();
    const bool is_escaped =
        !begins_with_printable(text) || first == '\n' || first == '"' || first == '\\';
    quoted += is_escaped ? escape_of(character) : std::string(character);
    text.remove_prefix(character.size());
  }
  return quoted + '"';
}

// Line breaks are doubled, because one alone is read as a space.
std::string single_quoted(std::string_view text, std::size_t indent) {
  std::string quoted = "'";
  bool is_behind_break = false;
  for (const char letter : text) {
    const bool is_break = letter == '\n';
    if (is_break && !is_behind_break) quoted += '\n';
    if (!is_break && is_behind_break) quoted.append(indent, ' ');
    quoted.append(letter == '\'' ? 2 : 1, letter);
    is_behind_break = is_break;
  }
  return quoted + '\'';
}

std::string block_header(char indicator, std::string_view text, std::size_t step) {
  std::string header(1, indicator);
  if (text.starts_with(' ') || text.starts_with('\n')) header += std::to_string(step);
  if (!text.ends_with('\n')) {
    header += '-';
  } else if (text == "\n" || text.ends_with("\n\n")) {
    header += '+';
  }
  return header;
}

std::string block_scalar(char indicator, std::string_view text, std::size_t indent,
                         std::size_t step = node_indentation) {
  std::string block = block_header(indicator, text, step);
  while (!text.empty()) {
    const std::string_view line = take_until(text, '\n');
    block += '\n';
    if (!line.empty()) block.append(indent, ' ').append(line);
  }
  return block;
}

// Whether a plain scalar with that text is what `value` is.
bool is_plain(const Value& value, std::string_view text) {
  if (value.spelling().is_untagged || scalar_type(value) != ScalarType::string) return true;
  const auto scalar = type_plain_scalar(text);
  return scalar && scalar->type == ScalarType::string;
}

class NodeWriter {
 public:
  Result<void> block(const Value& value, std::size_t indent) {
    if (const Object* members = value.as_object()) return mapping(*members, indent);
    if (const Array* items = value.as_array()) return sequence(*items, indent);
    return node(value, indent, ScalarPlace::block);
  }

  Result<void> node(const Value& value, std::size_t indent, ScalarPlace place) {
    if (value.is_object() || value.is_array()) return flow(value, indent);
    const std::optional<std::string> text = written_text(value);
    if (!text) {
      return fail(ErrorKind::invalid,
                  "a number or date with an unusual spelling can't be kept: write it in quotes");
    }
    ScalarForm form = value.spelling().form();
    if (form == ScalarForm::plain && text->find('\n') != std::string::npos) {
      form = ScalarForm::literal;
    } else if (form == ScalarForm::plain && !is_plain(value, *text)) {
      form = ScalarForm::double_quoted;
    }
    if (scalar_type(value) == ScalarType::real && !value.spelling().is_untagged &&
        text->find_first_of(".eE") == std::string::npos) {
      out_ += "!!float ";
    }
    return scalar(*text, printed_form(*text, form, place), indent);
  }

  std::string take() { return std::move(out_); }

 private:
  Result<void> mapping(const Object& members, std::size_t indent) {
    bool is_first = true;
    for (const auto& [name, value] : members) {
      if (!is_first) start_line(indent);
      is_first = false;
      TRY(key(name, value, ScalarPlace::block_key));
      if (!is_block(value)) {
        TRY(behind(value, indent + node_indentation));
        continue;
      }
      const std::size_t inner = value.is_array() ? indent : indent + node_indentation;
      start_line(inner);
      TRY(block(value, inner));
    }
    return {};
  }

  Result<void> sequence(const Array& items, std::size_t indent) {
    bool is_first = true;
    for (const Value& item : items) {
      if (!is_first) start_line(indent);
      is_first = false;
      out_ += '-';
      if (is_block(item)) {
        out_ += ' ';
        TRY(block(item, indent + node_indentation));
      } else {
        TRY(behind(item, indent + node_indentation));
      }
    }
    return {};
  }

  // What stands behind a ":" or "-"; nothing for a null that is not written.
  Result<void> behind(const Value& value, std::size_t indent) {
    out_ += ' ';
    const std::size_t start = out_.size();
    TRY(node(value, indent, ScalarPlace::block));
    if (out_.size() == start) out_.pop_back();
    return {};
  }

  Result<void> flow(const Value& value, std::size_t indent) {
    const bool is_list = value.is_array();
    out_ += is_list ? '[' : '{';
    bool is_first = true;
    const auto separate = [&] {
      if (!is_first) out_ += ", ";
      is_first = false;
    };
    if (const Array* items = value.as_array()) {
      for (const Value& item : *items) {
        separate();
        TRY(node(item, indent + node_indentation, ScalarPlace::flow));
      }
    } else {
      for (const auto& [name, member] : *value.as_object()) {
        separate();
        TRY(key(name, member, ScalarPlace::flow_key));
        out_ += ' ';
        TRY(node(member, indent + node_indentation, ScalarPlace::flow));
      }
    }
    out_ += is_list ? ']' : '}';
    return {};
  }

  Result<void> key(std::string_view name, const Value& value, ScalarPlace place) {
    if (!is_simple_key(name)) {
      return fail(ErrorKind::invalid, "a key of more than 128 letters or one line can't be kept");
    }
    TRY(scalar(name, printed_form(name, value.spelling().key_form(), place), 0));
    out_ += ':';
    return {};
  }

  Result<void> scalar(std::string_view text, ScalarForm form, std::size_t indent) {
    switch (form) {
      case ScalarForm::plain:
        out_ += text;
        return {};
      case ScalarForm::single_quoted:
        out_ += single_quoted(text, indent);
        return {};
      case ScalarForm::double_quoted:
        out_ += double_quoted(text);
        return {};
      case ScalarForm::literal:
        out_ += block_scalar('|', text, indent);
        return {};
      case ScalarForm::folded:
        break;
    }
    if (text.substr(0, text.find_last_not_of('\n') + 1).find('\n') != std::string_view::npos) {
      return fail(ErrorKind::invalid, "a folded text of several paragraphs can't be kept");
    }
    out_ += block_scalar('>', text, indent);
    // go-yaml doubles the last break as if another paragraph followed.
    if (text.ends_with('\n') && !text.starts_with(' ')) out_ += '\n';
    return {};
  }

  void start_line(std::size_t indent) {
    out_ += '\n';
    out_.append(indent, ' ');
  }

  std::string out_;
};

}  // namespace

Result<std::string> write_yaml_nodes(const Value& value) {
  NodeWriter writer;
  TRY(is_block(value) ? writer.block(value, 0) : writer.node(value, 0, ScalarPlace::block));
  return writer.take();
}

std::string yaml_scalar_text(std::string_view text, ScalarForm form, std::size_t indent,
                             std::size_t step) {
  switch (form) {
    case ScalarForm::plain:
      break;
    case ScalarForm::single_quoted:
      return single_quoted(text, indent);
    case ScalarForm::double_quoted:
      return double_quoted(text);
    case ScalarForm::literal:
    case ScalarForm::folded:
      return block_scalar('|', text, indent, step);
  }
  return std::string(text);
}

}  // namespace primocane

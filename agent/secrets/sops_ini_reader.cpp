// SPDX-License-Identifier: Apache-2.0
#include "base/trimmed.hpp"
#include "document/schema_reader.hpp"
#include "secrets/sops_ini.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view delimiters = "=:";
constexpr std::string_view triple_quote = "\"\"\"";

std::string_view without_leading(std::string_view text, std::string_view letters) {
  text.remove_prefix(std::min(text.find_first_not_of(letters), text.size()));
  return text;
}

// What SOPS takes for the text of a comment (stripCommentChar).
std::string_view comment_text(std::string_view comment) {
  if (comment.starts_with(';')) return without_leading(comment, "; ");
  if (comment.starts_with('#')) return without_leading(comment, "# ");
  return comment;
}

bool is_surrounded(std::string_view text, char quote) {
  return text.size() >= 2 && text.front() == quote && text.find(quote, 1) == text.size() - 1;
}

struct IniKey {
  std::string name;
  std::string_view rest;  // behind the delimiter
};

class IniReader {
 public:
  IniReader(std::string_view content, std::string_view name) : rest_(content), name_(name) {}

  Result<SopsBranch> read() {
    for (const std::string_view mark : {"\xFE\xFF", "\xFF\xFE", "\xEF\xBB\xBF"}) {
      if (rest_.starts_with(mark)) rest_.remove_prefix(mark.size());
    }
    begin_section("DEFAULT");
    while (!rest_.empty()) {
      const std::string_view line = without_leading(take_line(), " \t\n\v\f\r");
      if (line.empty()) continue;
      if (line.front() == '#' || line.front() == ';') {
        comment_ += line;
      } else if (line.front() == '[') {
        TRY(read_section(line));
      } else {
        TRY(read_key_line(line));
      }
    }
    return std::move(sections_);
  }

 private:
  // With its line feed.
  std::string_view take_line() {
    ++line_;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size() - 1) + 1;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return line;
  }

  [[nodiscard]] std::unexpected<Error> bad(std::string_view what) const {
    return fail(ErrorKind::invalid, at_line(name_, line_).append(what));
  }

  void begin_section(std::string_view name) {
    sections_.push_back({.key = std::string(name), .node = SopsNode(SopsKind::mapping, Object())});
    places_.clear();
    unnamed_ = 1;
  }

  // Adds the comment that was gathered, if there is one.
  void add_comment() {
    const std::string_view text = trimmed(comment_);
    if (!text.empty()) {
      SopsNode comment(SopsKind::comment, comment_text(text));
      sections_.back().node.items.push_back({.key = {}, .node = std::move(comment)});
    }
    comment_.clear();
  }

  Result<void> read_section(std::string_view line) {
    const std::size_t end = line.rfind(']');
    if (end == std::string_view::npos) return bad("a section has no closing \"]\"");
    if (end == 1) return bad("a section has no name");
    begin_section(line.substr(1, end - 1));
    const std::size_t comment = line.find_first_of("#;", end + 1);
    if (comment != std::string_view::npos) comment_ += line.substr(comment);
    add_comment();
    return {};
  }

  Result<void> read_key_line(std::string_view line) {
    const IniKey key = TRY(read_key(line));
    std::string name = key.name == "-" ? "#" + std::to_string(unnamed_++) : key.name;
    if (name.empty()) return bad("a key has no name");
    std::string value = TRY(read_value(key.rest));
    SopsBranch& members = sections_.back().node.items;
    const auto [place, is_new] = places_.emplace(name, members.size());
    if (!is_new) {
      // Its comment would replace the first one's; SOPS writes no key twice.
      members[place->second].node.value = std::move(value);
      comment_.clear();
      return {};
    }
    members.push_back(
        {.key = std::move(name), .node = SopsNode(SopsKind::scalar, std::move(value))});
    add_comment();
    return {};
  }

  Result<IniKey> read_key(std::string_view line) const {
    std::string_view quote;
    if (line.starts_with(triple_quote) && line.size() > 6) {
      quote = triple_quote;
    } else if (line.front() == '"' || line.front() == '`') {
      quote = line.substr(0, 1);
    }
    if (!quote.empty()) {
      const std::size_t end = line.find(quote, quote.size());
      if (end == std::string_view::npos) return bad("a key has no closing quote");
      const std::size_t behind = end + quote.size();
      const std::size_t delimiter =
          behind > line.size() ? std::string_view::npos : line.find_first_of(delimiters, behind);
      if (delimiter == std::string_view::npos) return bad("a key has no value behind \"=\"");
      return IniKey{.name = std::string(trimmed(line.substr(quote.size(), end - quote.size()))),
                    .rest = line.substr(delimiter + 1)};
    }
    const std::size_t delimiter = line.find_first_of(delimiters);
    if (delimiter == std::string_view::npos) return bad("a key has no value behind \"=\"");
    if (delimiter == 0) return bad("a key has no name");
    return IniKey{.name = std::string(trimmed(line.substr(0, delimiter))),
                  .rest = line.substr(delimiter + 1)};
  }

  Result<std::string> read_value(std::string_view text) {
    std::string_view line = without_leading(text, " \t\n\v\f\r");
    if (line.empty()) return std::string();
    std::string_view quote;
    if (line.starts_with(triple_quote) && line.size() > 3) quote = triple_quote;
    if (line.front() == '`') quote = line.substr(0, 1);
    if (!quote.empty()) {
      const std::string_view inner = line.substr(quote.size());
      const std::size_t end = inner.rfind(quote);
      if (end == std::string_view::npos) return read_lines(inner, quote);
      return std::string(inner.substr(0, end));
    }
    line = trimmed(line);
    if (line.ends_with('\\')) return read_continued(line.substr(0, line.size() - 1));
    if (const std::size_t comment = line.find_first_of("#;"); comment != std::string_view::npos) {
      comment_ += line.substr(comment);
      line = trimmed(line.substr(0, comment));
    }
    if (is_surrounded(line, '\'') || is_surrounded(line, '"')) {
      line = line.substr(1, line.size() - 2);
    }
    return std::string(line);
  }

  // A quoted value that goes on in the next lines.
  Result<std::string> read_lines(std::string_view begin, std::string_view quote) {
    std::string value(begin);
    while (!rest_.empty()) {
      const std::string_view line = take_line();
      const std::size_t end = line.rfind(quote);
      const bool is_continued =
          end != std::string_view::npos && trimmed(line.substr(end + quote.size())).ends_with('\\');
      if (end == std::string_view::npos || is_continued) {
        value += line;
        continue;
      }
      value += line.substr(0, end);
      const std::size_t comment = line.find_first_of("#;", end);
      if (comment != std::string_view::npos) comment_ += trimmed(line.substr(comment));
      return value;
    }
    return bad("a value has no closing quote");
  }

  // One whose lines end in a backslash.
  Result<std::string> read_continued(std::string_view begin) {
    std::string value(begin);
    while (!rest_.empty()) {
      const std::string_view line = trimmed(take_line());
      if (line.empty()) break;
      value += line;
      if (!line.ends_with('\\')) break;
      value.pop_back();
    }
    return value;
  }

  std::string_view rest_;
  std::string_view name_;
  std::uint32_t line_ = 0;
  std::string comment_;  // of what comes next
  SopsBranch sections_;
  std::unordered_map<std::string, std::size_t> places_;  // of the keys of the last section
  std::uint32_t unnamed_ = 1;
};

}  // namespace

Result<SopsBranch> read_sops_ini(std::string_view content, std::string_view name) {
  return IniReader(content, name).read();
}

}  // namespace primocane

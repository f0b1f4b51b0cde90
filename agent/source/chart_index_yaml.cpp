// SPDX-License-Identifier: Apache-2.0
// The scan of an index in YAML: by lines, whose indentation tells what they belong to.
#include "base/trimmed.hpp"
#include "source/chart_index_scan.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t index_line_max = 1024UL * 1024;

struct IndexKey {
  std::string name;
  std::string_view rest;  // what stands behind the colon, without white space around it
};

// "name:", "'name': rest"; keys of more than one line are nothing that Helm writes.
std::optional<IndexKey> key_of(std::string_view line) {
  IndexKey key;
  const char quote = line.empty() ? '\0' : line.front();
  if (quote == '"' || quote == '\'') {
    const std::size_t end = line.find(quote, 1);
    if (end == std::string_view::npos) return std::nullopt;
    key.name = line.substr(1, end - 1);
    line.remove_prefix(end + 1);
    if (!line.starts_with(':')) return std::nullopt;
    line.remove_prefix(1);
  } else {
    std::size_t colon = line.find(':');
    while (colon < line.size() && colon + 1 < line.size() && line[colon + 1] != ' ') {
      colon = line.find(':', colon + 1);
    }
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    key.name = trimmed(line.substr(0, colon));
    line.remove_prefix(colon + 1);
  }
  if (!line.empty() && line.front() != ' ') return std::nullopt;
  key.rest = trimmed(line);
  if (key.rest.starts_with('#')) key.rest = {};
  return key;
}

bool is_list_item(std::string_view text) { return text == "-" || text.starts_with("- "); }

class YamlIndexScan final : public ChartIndexScan {
 public:
  explicit YamlIndexScan(KeptCharts& kept) : kept_(kept) {}

  Result<void> add(std::string_view piece) override {
    while (!piece.empty()) {
      const std::size_t end = piece.find('\n');
      const std::string_view part = piece.substr(0, end);
      if (end != std::string_view::npos && line_.empty()) {
        TRY(take_line(part));
      } else {
        line_ += part;
        if (line_.size() > index_line_max) return wrong("a line is too long");
        if (end == std::string_view::npos) return {};
        TRY(take_line(line_));
        line_.clear();
      }
      piece.remove_prefix(end + 1);
    }
    return {};
  }

  Result<void> finish() override {
    if (!line_.empty()) TRY(take_line(std::exchange(line_, {})));
    if (!has_version_) return no_chart_index();
    return {};
  }

 private:
  Result<void> take_line(std::string_view line) {
    ++line_number_;
    const std::string_view text = trimmed(line);
    // Such a line may belong to a text of several lines; elsewhere it means nothing.
    if (text.empty() || text.starts_with('#')) return keep_line(line);
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent == 0) return take_top_line(line, text);
    if (!is_in_entries_) return {};
    if (chart_indent_ == 0) chart_indent_ = indent;
    if (indent < chart_indent_) return wrong("expected a chart as far in as the first one");
    // A list may begin in the column of its key (YAML 1.2.2, 8.2.1).
    if (indent > chart_indent_ || is_list_item(text)) return keep_line(line);
    const std::optional<IndexKey> key = key_of(text);
    if (!key) return wrong("expected the name of a chart and \":\"");
    TRY(kept_.begin(key->name));
    return keep_line(key->rest);
  }

  Result<void> take_top_line(std::string_view line, std::string_view text) {
    // With an unindented list of charts there would be one here.
    if (is_list_item(text)) return wrong("expected a key and not a list");
    kept_.end();
    is_in_entries_ = false;
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (line_number_ == 1 && text.starts_with(byte_order_mark)) text.remove_prefix(3);
    const std::optional<IndexKey> key = key_of(text);
    if (!key) {
      const bool is_marker = line.starts_with("---") || line.starts_with('%');
      if (!is_marker && line != "...") return wrong("expected a key and \":\"");
      return {};
    }
    if (key->name == "apiVersion") has_version_ = !key->rest.empty();
    if (key->name != "entries") return {};
    if (std::exchange(has_entries_, true)) return wrong("expected \"entries\" once");
    is_in_entries_ = key->rest.empty();
    const bool is_nothing = key->rest.empty() || key->rest == "{}" || key->rest == "null";
    if (!is_nothing) return wrong("expected the charts in the lines below \"entries:\"");
    return {};
  }

  Result<void> keep_line(std::string_view line) {
    if (!kept_.is_keeping()) return {};
    TRY(kept_.keep(line));
    return kept_.keep("\n");
  }

  std::unexpected<Error> wrong(std::string_view what) const {
    return fail(ErrorKind::invalid,
                fmt::format("is no index of a Helm repository that can be read: "
                            "line {}: {}",
                            line_number_, what));
  }

  KeptCharts& kept_;
  std::string line_;  // what there is of a line that lies in several pieces
  std::uint64_t line_number_ = 0;
  std::size_t chart_indent_ = 0;  // 0: not known yet
  bool is_in_entries_ = false;
  bool has_entries_ = false;
  bool has_version_ = false;
};

}  // namespace

std::unique_ptr<ChartIndexScan> scan_yaml_index(KeptCharts& kept) {
  return std::make_unique<YamlIndexScan>(kept);
}

}  // namespace primocane

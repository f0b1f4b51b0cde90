// SPDX-License-Identifier: Apache-2.0
#include "source/chart_entries.hpp"

#include "document/json.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"
#include "document/yaml_reader.hpp"
#include "source/json_fields.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

constexpr std::size_t chart_entries_max = 20'000;
constexpr std::size_t chart_text_max = 2048;  // of a field

DocumentLimits entry_limits() {
  return {.bytes = ByteCount(chart_texts_max.count() + 4096), .nodes = 4'000'000};
}

Result<Value> read_chart_text(ChartIndexForm form, std::string_view chart, std::string_view text) {
  const std::string name = fmt::format("the entries of chart {}", chart);
  if (form == ChartIndexForm::json) return read_json(text, name, entry_limits());
  // What follows a key can only be read behind one.
  std::vector<Document> documents =
      TRY(read_yaml(fmt::format("chart: {}", text), name, entry_limits()));
  Value* const value =
      documents.empty() ? nullptr : documents.front().value.as_object()->find("chart");
  return value == nullptr ? Value() : std::move(*value);
}

std::string chart_field(const Value& entry, std::string_view key) {
  const Value* const value = entry.find(key);
  std::string text(value == nullptr ? std::string_view() : value->scalar_text());
  // Nothing that anybody goes by is longer.
  if (text.size() > chart_text_max) text.clear();
  return text;
}

ChartEntry read_entry(const Value& value) {
  ChartEntry entry{.version = chart_field(value, "version"),
                   .url = {},
                   .digest = chart_field(value, "digest"),
                   .app_version = chart_field(value, "appVersion"),
                   .created = chart_field(value, "created")};
  const Value* const urls = value.find("urls");
  const Array* const list = urls == nullptr ? nullptr : urls->as_array();
  if (list != nullptr && !list->empty() && list->front().is_string() &&
      list->front().as_string()->size() <= chart_text_max) {
    entry.url = *list->front().as_string();
  }
  return entry;
}

}  // namespace

Result<std::vector<ChartEntry>> read_chart_entries(ChartIndexForm form, std::string_view chart,
                                                   std::string_view text) {
  const Value value = TRY(read_chart_text(form, chart, text));
  std::vector<ChartEntry> entries;
  if (value.is_null()) return entries;
  const Array* const list = value.as_array();
  if (list == nullptr) {
    return fail(ErrorKind::invalid, fmt::format("the entries of chart {} are {}: expected a list",
                                                chart, to_string(value.kind())));
  }
  for (const Value& item : *list) {
    ChartEntry entry = read_entry(item);
    if (entry.version.empty()) continue;
    if (entries.size() == chart_entries_max) {
      return fail(ErrorKind::invalid,
                  fmt::format("chart {} has more than {} versions", chart, chart_entries_max));
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string write_chart_entries(const std::vector<ChartEntry>& entries) {
  Array list;
  list.reserve(entries.size());
  for (const ChartEntry& entry : entries) {
    list.emplace_back(
        Array{entry.version, entry.url, entry.digest, entry.app_version, entry.created});
  }
  return write_json(std::move(list));
}

Result<std::vector<ChartEntry>> read_written_entries(std::string_view line) {
  constexpr std::size_t fields = 5;
  const Value value = TRY(read_json(line, "answer", entry_limits()));
  const Array* const list = value.as_array();
  if (list == nullptr || list->size() > chart_entries_max) return odd_field("entries");
  std::vector<ChartEntry> entries;
  entries.reserve(list->size());
  for (const Value& item : *list) {
    const Array* const texts = item.as_array();
    if (texts == nullptr || texts->size() != fields) return odd_field("entries");
    for (const Value& text : *texts) {
      if (!text.is_string() || text.as_string()->size() > chart_text_max) {
        return odd_field("entries");
      }
    }
    entries.push_back({.version = *(*texts)[0].as_string(),
                       .url = *(*texts)[1].as_string(),
                       .digest = *(*texts)[2].as_string(),
                       .app_version = *(*texts)[3].as_string(),
                       .created = *(*texts)[4].as_string()});
  }
  return entries;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Specification of what is taken out of the index of a Helm repository, and what it says.
#include "source/chart_index.hpp"

#include "source/chart_entries.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

using namespace primocane;

namespace {

Result<ChartIndexExtract> extract(std::string_view index, std::vector<std::string> charts,
                                  std::size_t piece = 100'000) {
  ChartIndexFilter filter(std::move(charts));
  for (std::size_t at = 0; at < index.size(); at += piece) {
    const Result<void> added = filter.add(index.substr(at, piece));
    if (!added) return std::unexpected(added.error());
  }
  return filter.finish();
}

// The versions of `chart`, each with its URL.
std::vector<std::string> versions(std::string_view index, const std::string& chart,
                                  std::size_t piece = 100'000) {
  const Result<ChartIndexExtract> kept = extract(index, {chart}, piece);
  if (!kept) return {kept.error().message};
  if (!kept->charts.contains(chart)) return {"absent"};
  const auto entries = read_chart_entries(kept->form, chart, kept->charts.at(chart));
  if (!entries) return {entries.error().message};
  std::vector<std::string> listed;
  for (const ChartEntry& entry : *entries) listed.push_back(entry.version + " " + entry.url);
  return listed;
}

std::string message(std::string_view index) {
  const auto kept = extract(index, {"podinfo"});
  if (kept) return "taken";
  CHECK(kept.error().kind == ErrorKind::invalid);
  return kept.error().message;
}

using Lines = std::vector<std::string>;

// As `helm repo index` writes it.
constexpr std::string_view yaml_index = R"(apiVersion: v1
entries:
  alpine:
  - apiVersion: v1
    description: |
      entries:
        podinfo:
      # no comment
    name: alpine
    urls:
    - https://example.org/alpine-1.0.0.tgz
    version: 1.0.0
  podinfo:
  - apiVersion: v1
    appVersion: 6.1.0
    created: "2024-01-02T03:04:05.123456789Z"
    description: Podinfo says "hello" and
      goes on
    digest: 0123abcd
    home: https://example.org
    name: podinfo
    urls:
    - podinfo-6.1.0.tgz
    - https://mirror.example.org/podinfo-6.1.0.tgz
    version: 6.1.0

  # a comment
  - name: podinfo
    version: "6.0"
  - name: podinfo
    urls: []
  - name: podinfo
    version: 5.0.0
    urls: [podinfo-5.0.0.tgz]
  zebra: []
generated: "2024-01-02T03:04:05Z"
)";

}  // namespace

TEST_CASE("the entries of a chart are found in an index in YAML, whatever pieces it comes in") {
  const Lines expected{"6.1.0 podinfo-6.1.0.tgz", "6.0 ", "5.0.0 podinfo-5.0.0.tgz"};
  for (const std::size_t piece : {1UL, 2UL, 7UL, 100UL, 100'000UL}) {
    CHECK(versions(yaml_index, "podinfo", piece) == expected);
  }
  CHECK(versions(yaml_index, "alpine") == Lines{"1.0.0 https://example.org/alpine-1.0.0.tgz"});
  CHECK(versions(yaml_index, "zebra").empty());
  CHECK(versions(yaml_index, "missing") == Lines{"absent"});
}

TEST_CASE("an entry has what chooses a version and what proves it") {
  const auto kept = extract(yaml_index, {"podinfo"});
  const auto entries = read_chart_entries(kept->form, "podinfo", kept->charts.at("podinfo"));
  CHECK(entries->front() == ChartEntry{.version = "6.1.0",
                                       .url = "podinfo-6.1.0.tgz",
                                       .digest = "0123abcd",
                                       .app_version = "6.1.0",
                                       .created = "2024-01-02T03:04:05.123456789Z"});
}

TEST_CASE("several charts are taken out of an index at once") {
  const auto kept = extract(yaml_index, {"podinfo", "zebra", "missing"});
  CHECK(kept->charts.size() == 2);
}

TEST_CASE("the entries of a chart are found in an index in JSON, whatever pieces it comes in") {
  constexpr std::string_view index =
      R"({"apiVersion":"v1","entries":{"a":[{"d":"\"podinfo\":[{"}],)"
      R"("podinfo" : [{"version":"1.0.0","urls":["u}]"]},{"version":"0.9.0"}], "z":[]},)"
      R"("more":{"podinfo":[{"version":"9"}]}})";
  for (const std::size_t piece : {1UL, 3UL, 100UL, 100'000UL}) {
    CHECK(versions(index, "podinfo", piece) == Lines{"1.0.0 u}]", "0.9.0 "});
  }
  CHECK(versions(index, "z").empty());
  CHECK(versions(index, "more") == Lines{"absent"});
  CHECK(versions("\n " + std::string(index), "z").empty());
}

TEST_CASE("other ways to write an index in YAML are read as well") {
  CHECK(versions("---\r\napiVersion: v1\r\nentries:\r\n    'a':\r\n      - version: 1\r\n", "a") ==
        Lines{"1 "});
  CHECK(versions("\xEF\xBB\xBF"
                 "entries: # all\n  \"a\": # one\n  - version: 1\napiVersion: v1",
                 "a") == Lines{"1 "});
  CHECK(versions("apiVersion: v1\nentries:\n  a: [{version: 1}]\n  b:\n  - version: 2\n", "a") ==
        Lines{"1 "});
  CHECK(versions("apiVersion: v1\nentries: {}\n", "a") == Lines{"absent"});
  CHECK(versions("apiVersion: v1\nentries:\n", "a") == Lines{"absent"});
}

TEST_CASE("what is no index is refused with the line") {
  CHECK(message("") == "is empty");
  CHECK(message("<html>\n") ==
        "is no index of a Helm repository that can be read: line 1: expected a key and \":\"");
  CHECK(message("a: 1\n") == "is no index of a Helm repository: it has no apiVersion");
  CHECK(message(R"({"entries":{}})") == "is no index of a Helm repository: it has no apiVersion");
  CHECK(message("apiVersion: v1\nentries: [a]\n").contains("line 2"));
  CHECK(message("apiVersion: v1\nentries:\n- a\n").contains("line 3"));
  CHECK(message("apiVersion: v1\nentries:\n    a:\n  b:\n").contains("line 4"));
  CHECK(message("apiVersion: v1\nentries:\n  nothing\n").contains("line 3"));
  CHECK(message("apiVersion: v1\nentries:\nentries:\n").contains("line 3"));
  CHECK(message("apiVersion: v1\nentries:\n  podinfo:\n  podinfo:\n") ==
        "lists chart podinfo twice");
  CHECK(message(R"({"apiVersion":"v1","entries":{)") == "is cut: its JSON does not end");
  CHECK(message(R"({"apiVersion":"v1"}})") == "is no index of a Helm repository: its JSON is odd");
  CHECK(message("{" + std::string(200, '[')) ==
        "is no index of a Helm repository: its JSON is odd");
}

TEST_CASE("entries that are no list are refused") {
  CHECK(versions("apiVersion: v1\nentries:\n  a: text\n", "a") ==
        Lines{"the entries of chart a are a string: expected a list"});
}

TEST_CASE("an index of many megabytes takes the memory of the charts that are wanted") {
  ChartIndexFilter filter({"podinfo"});
  REQUIRE(filter.add("apiVersion: v1\nentries:\n"));
  for (int chart = 0; chart < 500; ++chart) {
    std::string text = fmt::format("  chart-{}:\n", chart);
    for (int version = 0; version < 1000; ++version) {
      text +=
          "  - description: This is a chart, and this is what it is about\n    version: 1.0.0\n";
    }
    REQUIRE(filter.add(text));
  }
  REQUIRE(filter.add("  podinfo:\n  - version: 1.0.0\n"));
  CHECK(filter.finish()->charts.at("podinfo") == "\n  - version: 1.0.0\n");
}

TEST_CASE("charts with too many entries are refused") {
  ChartIndexFilter filter({"a"});
  REQUIRE(filter.add("apiVersion: v1\nentries:\n  a:\n"));
  const std::string line = "  - version: " + std::string(100'000, '1') + "\n";
  Result<void> added;
  for (int i = 0; i < 200 && added; ++i) added = filter.add(line);
  REQUIRE(!added);
  CHECK(added.error().message == "says more than 16.0 MiB about the charts in use");
}

TEST_CASE("entries travel through a pipe unchanged, and odd ones are refused") {
  const std::vector<ChartEntry> entries{
      {.version = "1", .url = "u", .digest = "d", .app_version = "\"a\"", .created = "c"}, {}};
  CHECK(read_written_entries(write_chart_entries(entries)) == entries);
  for (const char* odd : {"", "{}", "[1]", "[[\"1\"]]", "[[1,2,3,4,5]]"}) {
    CHECK(!read_written_entries(odd));
  }
}

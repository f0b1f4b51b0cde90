// SPDX-License-Identifier: Apache-2.0
// Every event is explained in the journal's catalog, and nothing else is.
#include "report/event.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace primocane {
namespace {

std::string read_catalog() {
  std::ifstream file(PRIMOCANE_SOURCE_DIR "/systemd/primocane.catalog");
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// pass_idle is the last enumerator.
std::set<std::string> all_message_ids() {
  std::set<std::string> ids;
  for (int kind = 0; kind <= static_cast<int>(EventKind::pass_idle); ++kind) {
    ids.emplace(message_id(static_cast<EventKind>(kind)));
  }
  return ids;
}

}  // namespace

TEST_CASE("the catalog explains each message id once, with a subject and a text") {
  const std::string catalog = read_catalog();
  const std::regex entry("-- ([0-9a-f]{32})\nSubject: [^\n]+\nDefined-By: primocane\n[^\n]*\n");
  std::set<std::string> explained;
  for (std::sregex_iterator at(catalog.begin(), catalog.end(), entry), end; at != end; ++at) {
    CAPTURE((*at)[1].str());
    CHECK(explained.insert((*at)[1].str()).second);
  }
  CHECK(explained == all_message_ids());
}

TEST_CASE("the catalog's placeholders are fields that events have") {
  const std::string catalog = read_catalog();
  const std::regex placeholder("@([A-Z_]+)@");
  const std::set<std::string> fields{"PRIMOCANE_OBJECT", "PRIMOCANE_ACTION", "PRIMOCANE_REVISION"};
  for (std::sregex_iterator at(catalog.begin(), catalog.end(), placeholder), end; at != end; ++at) {
    CHECK(fields.contains((*at)[1].str()));
  }
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// What people are told to look at in the configuration exists there.
#include "cli/config_keys.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace primocane {

namespace {

namespace fs = std::filesystem;

// The catalog, the documents and every source file.
std::vector<fs::path> files_that_name_keys() {
  const fs::path root = PRIMOCANE_SOURCE_DIR;
  std::vector<fs::path> files{root / "systemd/primocane.catalog", root / "README.md"};
  for (const char* folder : {"agent", "docs"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  return files;
}

// Of a source file only what stands between quotes, without the names of headers.
std::string told_text(const fs::path& path) {
  std::ifstream file(path);
  const bool is_source = path.extension() == ".cpp" || path.extension() == ".hpp";
  std::string told;
  for (std::string line; std::getline(file, line);) {
    if (!is_source) told += line + '\n';
    if (!is_source || line.starts_with('#')) continue;
    static const std::regex quoted(R"re("((?:[^"\\]|\\.)*)")re");
    for (std::sregex_iterator at(line.begin(), line.end(), quoted), end; at != end; ++at) {
      told += (*at)[1].str() + '\n';
    }
  }
  return told;
}

// A key, or a section of some.
bool is_known(const std::string& name) {
  for (const ConfigKey& key : config_keys()) {
    if (key.path == name || key.path.starts_with(name + ".")) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("messages, the catalog and the documents name only keys that exist") {
  const std::regex named(
      R"((^|[^\w./@-])((?:git|cluster|prune|render|log|decryption)\.[a-z][A-Za-z]*(?:\.[A-Za-z]+)*))");
  int count = 0;
  for (const fs::path& path : files_that_name_keys()) {
    const std::string text = told_text(path);
    for (std::sregex_iterator at(text.begin(), text.end(), named), end; at != end; ++at) {
      const std::string name = (*at)[2].str();
      if (name.starts_with("git.example.org")) continue;  // a host
      CAPTURE(path.string(), name);
      CHECK(is_known(name));
      ++count;
    }
  }
  CHECK(count > 30);
}

}  // namespace primocane

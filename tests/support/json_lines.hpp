// SPDX-License-Identifier: Apache-2.0
// Tables of JSON values, one a line: what the programs of tests/oracle print.
#pragma once

#include "document/json.hpp"
#include "document/value.hpp"

#include <fstream>
#include <string>
#include <vector>

namespace primocane {

/// The values in the file; the test ends if a line is no JSON.
inline std::vector<Value> json_lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<Value> rows;
  for (std::string line; std::getline(file, line);) rows.push_back(read_json(line, path).value());
  return rows;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// YAML literals as values: how tests write objects. Only for texts that are known to be right.
#pragma once

#include "document/value.hpp"
#include "document/yaml_reader.hpp"
#include "resource/resource.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

/// The first document of `text`; the test ends if there is none.
inline Value yaml_value(std::string_view text) {
  std::vector<Document> documents = read_yaml(text, "test.yaml").value();
  return std::move(documents.at(0).value);
}

/// The object in `text`, as if it had been read from test.yaml.
inline Resource yaml_resource(std::string_view text) {
  std::vector<Document> documents = read_yaml(text, "test.yaml").value();
  return Resource::make(std::move(documents.at(0).value), {.path = "test.yaml"}).value();
}

}  // namespace primocane

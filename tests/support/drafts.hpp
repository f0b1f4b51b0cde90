// SPDX-License-Identifier: Apache-2.0
// YAML literals as drafts, and drafts as YAML: what tests of the kustomize engine's parts compare.
// Only for texts that are known to be right.
#pragma once

#include "document/key_order.hpp"
#include "document/yaml_writer.hpp"
#include "render/draft.hpp"
#include "render/object_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The objects in `text`, as if they had been read from test.yaml.
inline std::vector<Draft> yaml_drafts(std::string_view text) {
  return read_objects(text, "test.yaml", {}).value();
}

/// The first of them.
inline Draft yaml_draft(std::string_view text) { return yaml_drafts(text).at(0); }

/// The drafts as `kustomize build` prints them.
inline std::string printed(const std::vector<Draft>& drafts) {
  std::string text;
  for (const Draft& draft : drafts) {
    if (!text.empty()) text += "---\n";
    text += write_yaml(in_printed_order(draft.object));
  }
  return text;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// Whatever a JSON patch holds, applying it ends in an object that keeps the limits, or in an error
// of the input.
#include "document/json.hpp"
#include "document/yaml_reader.hpp"
#include "fuzz/require.hpp"
#include "render/patched_object.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

using namespace primocane;

namespace {

std::size_t nodes_in(const Value& value) {
  std::size_t nodes = 1;
  if (const Array* items = value.as_array()) {
    for (const Value& item : *items) nodes += nodes_in(item);
  }
  if (const Object* members = value.as_object()) {
    for (const auto& [key, member] : *members) nodes += nodes_in(member);
  }
  return nodes;
}

void require_invalid(const Error& error) {
  require(error.kind == ErrorKind::invalid && !error.message.empty());
}

}  // namespace

// The name is libFuzzer's. A line "=== " divides the object from the patch.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view mark = "=== \n";
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = text.find(mark);
  if (middle == std::string_view::npos) return 0;
  DocumentLimits limits;
  limits.nodes = 2000;
  limits.depth = 20;
  const auto documents = read_yaml(text.substr(0, middle), "object.yaml", limits);
  if (!documents || documents->empty() || !documents->front().value.is_object()) return 0;
  const auto patch = read_json_patch(text.substr(middle + mark.size()), "patch", limits);
  if (!patch) {
    require_invalid(patch.error());
    return 0;
  }
  std::size_t nodes_max = nodes_in(documents->front().value) + limits.nodes + 2;
  for (const JsonPatchOperation& operation : patch->operations) {
    nodes_max += nodes_in(operation.value);
  }
  Value object = documents->front().value;
  const auto done = patch_object(object, *patch, HiddenAnnotations::present, limits);
  Value again = documents->front().value;
  require(patch_object(again, *patch, HiddenAnnotations::present, limits) == done);
  if (!done) {
    require_invalid(done.error());
    return 0;
  }
  require(again == object);
  require(object.is_object() && nodes_in(object) <= nodes_max);
  DocumentLimits same_depth;
  same_depth.depth = limits.depth;
  require(read_json(write_json(object), "object", same_depth) == object);
  return 0;
}

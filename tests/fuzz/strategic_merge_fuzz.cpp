// SPDX-License-Identifier: Apache-2.0
// Whatever an object, a patch and a document of types hold, merging them ends in a value that can
// be printed and read again, or in an error of the input.
#include "render/strategic_merge.hpp"

#include "document/json.hpp"
#include "document/yaml_reader.hpp"
#include "fuzz/require.hpp"
#include "render/patch_schema.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

using namespace primocane;

namespace {

// The object, the patch and the types, each but the first behind a line "===".
std::array<Value, 3> values_in(std::string_view text) {
  constexpr std::string_view mark = "\n===\n";
  const DocumentLimits limits{.nodes = 20'000};
  std::array<Value, 3> values;
  for (Value& value : values) {
    const std::size_t end = text.find(mark);
    auto documents = read_yaml(text.substr(0, end), "input", limits);
    if (documents && !documents->empty()) value = std::move(documents->front().value);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + mark.size());
  }
  return values;
}

void merge(Value target, Value patch, const PatchSchema& schema) {
  const auto outcome = strategic_merge(target, std::move(patch), schema);
  if (!outcome) {
    require(outcome.error().kind == ErrorKind::invalid);
    require(!outcome.error().message.empty() && outcome.error().message.front() != ':');
    return;
  }
  if (*outcome == MergeOutcome::deleted) return;
  const DocumentLimits wider_limits{.bytes = ByteCount(256 * 1024 * 1024), .nodes = 20'000'000};
  require(read_json(write_json(target), "written", wider_limits) == target);
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto [target, patch, types] = values_in(text);
  merge(target, patch, PatchSchema());
  const auto schema = PatchSchema::read(std::move(types), "input", BuiltInTypes::last);
  if (!schema) {
    require(schema.error().kind == ErrorKind::invalid);
    return 0;
  }
  merge(std::move(target), std::move(patch), *schema);
  return 0;
}

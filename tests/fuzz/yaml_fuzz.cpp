// SPDX-License-Identifier: Apache-2.0
// The YAML reader keeps its limits on any input, and what the writer makes of a value is read back
// as that value.
#include "document/json.hpp"
#include "document/key_order.hpp"
#include "document/yaml_reader.hpp"
#include "document/yaml_writer.hpp"
#include "fuzz/require.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

using namespace primocane;

namespace {

// The writer prints the number -0 as 0, as kustomize does.
Value without_negative_zero(Value value) {
  if (Array* items = value.as_array()) {
    for (Value& item : *items) item = without_negative_zero(std::move(item));
  } else if (Object* members = value.as_object()) {
    for (auto& [key, member] : *members) member = without_negative_zero(std::move(member));
  } else if (value == Value(Number{"-0"})) {
    return 0;
  }
  return value;
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr DocumentLimits limits{
      .bytes = ByteCount(1024 * 1024), .depth = 30, .nodes = 10'000, .documents = 100};
  // Escapes and indentation make the second text longer.
  constexpr DocumentLimits wider_limits{.depth = 30};
  const auto documents = read_yaml(text, "input", limits);
  if (!documents) {
    require(documents.error().kind == ErrorKind::invalid);
    require(documents.error().message.starts_with("input:"));
    return 0;
  }
  for (const Document& document : *documents) {
    const Value value = without_negative_zero(document.value);
    const auto again = read_yaml(write_yaml(value), "written", wider_limits);
    require(again.has_value());
    require(again->size() == 1);
    require(again->front().value == value);
    require(in_printed_order(value) == value);
    const auto from_json = read_json(write_json(value), "written", wider_limits);
    require(from_json.has_value());
    require(*from_json == value);
  }
  return 0;
}

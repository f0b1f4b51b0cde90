// SPDX-License-Identifier: Apache-2.0
// The JSON reader keeps its limits on any input, and every way of writing a value is read back as
// that value.
#include "document/json.hpp"

#include "fuzz/require.hpp"

#include <cstdint>
#include <string_view>

using namespace primocane;

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = read_json(text, "input");
  if (!value) {
    require(value.error().kind == ErrorKind::invalid);
    require(value.error().message.starts_with("input:"));
    return 0;
  }
  const DocumentLimits wider_limits{.bytes = ByteCount(256 * 1024 * 1024)};
  require(read_json(write_json(*value), "written", wider_limits) == *value);
  require(read_json(write_json_pretty(*value), "written", wider_limits) == *value);
  const std::string canonical = write_canonical_json(*value);
  const auto sorted = read_json(canonical, "written", wider_limits);
  require(sorted == *value);
  require(write_canonical_json(*sorted) == canonical);
  return 0;
}

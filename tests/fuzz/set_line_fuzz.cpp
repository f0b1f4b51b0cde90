// SPDX-License-Identifier: Apache-2.0
// Whatever a value of a ConfigMap or Secret and its target path hold, they come to values or to an
// error that is `invalid`, and the same with the literal value is found where the path leads.
#include "base/take_until.hpp"
#include "document/utf8.hpp"
#include "flux/chart_values.hpp"
#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using namespace primocane;

// The name is libFuzzer's. The input is a target path on one line, then the value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!is_utf8(text)) return 0;
  ReferencedValues source;
  source.reference = {.kind = "Secret", .name = "a", .key = "b"};
  source.reference.target_path = take_until(text, '\n');
  source.text = text;
  const Value values = Object{{"a", Object{{"b", Array{Object(), "x"}}}}};
  for (const bool is_literal : {false, true}) {
    source.reference.is_literal = is_literal;
    const std::vector<ReferencedValues> sources{source, source};
    const Result<Value> merged = merged_chart_values(values, sources);
    if (!merged) {
      require(merged.error().kind == ErrorKind::invalid);
    } else {
      require(merged->is_object());
    }
  }
  const bool is_plain = source.reference.target_path == "c.d";
  if (!is_plain) return 0;
  const Result<Value> literal = merged_chart_values(values, std::vector{source});
  require(literal.has_value() && literal->text_at("c", "d") == text);
  return 0;
}

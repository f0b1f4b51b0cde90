// SPDX-License-Identifier: Apache-2.0
// Whatever a text holds, its expressions are replaced or refused, within the bound; a text without
// a dollar stays; and an object that comes out of a substitution is one that YAML can write.
#include "flux/substitution.hpp"

#include "base/take_until.hpp"
#include "document/utf8.hpp"
#include "document/yaml_reader.hpp"
#include "document/yaml_writer.hpp"
#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace primocane;

namespace {

constexpr ByteCount size_max(64 * 1024);
constexpr DocumentLimits limits{
    .bytes = size_max, .depth = 20, .nodes = 2000, .documents = 2, .scalar = size_max};

void expand(std::string_view text, const Variables& variables) {
  const auto expanded = expand_variables(text, variables, size_max);
  if (!expanded) {
    require(expanded.error().kind == ErrorKind::invalid);
    require(is_utf8(expanded.error().message));
    return;
  }
  require(expanded->size() <= size_max.count());
  if (!text.contains('$')) require(*expanded == text.substr(0, text.find('\0')));
}

void substitute(std::string_view text, const Variables& variables) {
  auto documents = read_yaml(text, "a.yaml", limits);
  if (!documents || documents->size() != 1) return;
  Value& object = documents->front().value;
  if (!object.is_object()) return;
  const Substitution substitution(variables, SubstituteStrategy::always);
  if (!substitution.apply(object, limits)) return;
  require(object.is_object());
  const auto again = read_yaml(write_yaml(object), "b.yaml");
  require(again.has_value() && again->size() == 1);
}

}  // namespace

// The first line is the value of two variables; the rest is a text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  // Patterns take the square of a value's length.
  if (size > 2000) return 0;
  const std::string_view value = take_until(text, '\n');
  const Variables variables{{"a", std::string(value)}, {"b", std::string(value)}, {"empty", ""}};
  expand(text, variables);
  substitute(text, variables);
  return 0;
}

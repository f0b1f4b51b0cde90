// SPDX-License-Identifier: Apache-2.0
// Whatever a text holds, expanding the vars in it changes nothing but "$", and once it holds none
// it stays as it is. The first line of an input is the value of the var A.
#include "base/take_until.hpp"
#include "document/plain_scalar.hpp"
#include "fuzz/require.hpp"
#include "render/var_expansion.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace primocane;

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view line = take_until(text, '\n');
  const auto value = plain_scalar(line);
  if (!value) return 0;
  const auto lookup = [&](std::string_view name) { return name == "A" ? &*value : nullptr; };
  constexpr std::size_t size_max = 1 << 20;
  const auto made = expand_vars(text, lookup, size_max);
  if (!made) {
    require(made.error().kind == ErrorKind::invalid);
    return 0;
  }
  const Value& expanded = *made;
  if (text == "$(A)") {
    require(expanded == *value);
    return 0;
  }
  require(expanded.is_string());
  if (text.find('$') == std::string_view::npos) require(*expanded.as_string() == text);
  // Doubled dollars stand for the text itself.
  std::string escaped;
  for (const char letter : text) escaped.append(letter == '$' ? 2 : 1, letter);
  require(expand_vars(escaped, lookup, size_max) == Value(text));
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Whatever an env file or a literal holds, it gives pairs that stand in it, and give the same pairs
// when they are written as an env file again, or an error of the input; and any bytes come back
// from the base64 that goes into Secrets.
#include "render/env_file.hpp"

#include "base/base64.hpp"
#include "document/utf8.hpp"
#include "fuzz/require.hpp"
#include "render/generators.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace primocane;

namespace {

constexpr std::size_t rewritten_bytes_max = 60'000;  // all on one line they would still be read

void check_pair(const KeyValue& pair, std::string_view text) {
  require(!pair.key.empty());
  require(pair.key.find('=') == std::string::npos);
  require(text.find(pair.key) != std::string_view::npos);
  require(text.find(pair.value) != std::string_view::npos);
}

// Empty lines at the front, because a byte order mark is no part of a key there.
std::string written(const std::vector<KeyValue>& pairs) {
  std::string text = "\r\n";
  for (const KeyValue& pair : pairs) text.append(pair.key + "=" + pair.value + "\r\n");
  return text;
}

void check_env_file(std::string_view text) {
  const auto pairs = read_env_file(text, "fuzz.env");
  if (!pairs) {
    require(pairs.error().kind == ErrorKind::invalid);
    require(pairs.error().message.starts_with("fuzz.env:"));
    return;
  }
  for (const KeyValue& pair : *pairs) {
    check_pair(pair, text);
    require(is_utf8(pair.key) && is_utf8(pair.value));
    require(pair.value.find('\n') == std::string::npos);
  }
  if (text.size() > rewritten_bytes_max) return;
  const auto again = read_env_file(written(*pairs), "fuzz.env");
  require(again.has_value() && *again == *pairs);
}

void check_literal(std::string_view text) {
  const auto pair = read_literal(text);
  if (pair) {
    check_pair(*pair, text);
  } else {
    require(pair.error().kind == ErrorKind::invalid);
  }
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_env_file(text);
  check_literal(text);
  const auto bytes = from_base64(wrapped_base64(text));
  require(bytes.has_value() && *bytes == text);
  return 0;
}

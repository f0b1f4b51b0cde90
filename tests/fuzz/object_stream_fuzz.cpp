// SPDX-License-Identifier: Apache-2.0
// Whatever a server sends as a list, and however the stream cuts it, ObjectStream takes the same
// items out of it; and where it is JSON, those that a parser of the whole finds.
#include "cluster/object_stream.hpp"

#include "document/json.hpp"
#include "fuzz/require.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace primocane;

namespace {

constexpr std::size_t item_max = 1024;

struct Cut {
  std::vector<std::string> items;
  Result<void> outcome;

  bool operator==(const Cut&) const = default;
};

Cut cut(std::string_view text, std::size_t piece) {
  Cut result;
  ObjectStream stream(
      [&result](std::string_view item) -> Result<void> {
        require(item.starts_with('{') && item.size() <= item_max);
        result.items.emplace_back(item);
        return {};
      },
      "items", ByteCount(item_max));
  for (std::size_t at = 0; at < text.size() && result.outcome; at += piece) {
    result.outcome = stream.feed(text.substr(at, piece));
  }
  if (result.outcome) result.outcome = stream.finish();
  if (!result.outcome) {
    const ErrorKind kind = result.outcome.error().kind;
    require(kind == ErrorKind::invalid || kind == ErrorKind::unavailable);
  }
  return result;
}

// The items of a document that is JSON, or an error where they are no list of mappings.
Result<std::vector<Value>> items_of(const Value& document) {
  if (!document.is_object()) return fail(ErrorKind::invalid, "no mapping");
  const Value* items = document.find("items");
  if (items == nullptr || items->is_null()) return std::vector<Value>();
  if (items->as_array() == nullptr || !std::ranges::all_of(*items->as_array(), &Value::is_object)) {
    return fail(ErrorKind::invalid, "no list of mappings");
  }
  return *items->as_array();
}

void compare_with_whole(std::string_view text, const Cut& result) {
  // A key that is written with escapes is not recognised; servers do not write so.
  if (text.size() > item_max || text.find('\\') != std::string_view::npos) return;
  const Result<Value> document = read_json(text, "list");
  if (!document) return;
  const Result<std::vector<Value>> expected = items_of(*document);
  require(result.outcome.has_value() == expected.has_value());
  if (!expected) return;
  require(result.items.size() == expected->size());
  for (std::size_t i = 0; i < expected->size(); ++i) {
    require(read_json(result.items[i], "item") == (*expected)[i]);
  }
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Cut whole = cut(text, size + 1);
  require(cut(text, 1) == whole);
  require(cut(text, 7) == whole);
  compare_with_whole(text, whole);
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Whatever a server sends as an object's metadata, reading it ends in a live object, a parent, or
// nothing; a parent that was read is one that we could have written, and fields are handed over
// once.
#include "resource/live_object.hpp"

#include "document/json.hpp"
#include "fuzz/require.hpp"
#include "render/json_patch.hpp"
#include "resource/applyset.hpp"
#include "resource/handed_over_fields.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

using namespace primocane;

namespace {

void check_live_object(const Value& value) {
  const auto live = read_live_object(value, {"apps", "Deployment"});
  if (!live) {
    require(live.error().kind == ErrorKind::invalid);
    return;
  }
  require(!live->uid.empty() && !live->id.name.empty());
  if (!is_member(*live, Declared::yes)) return;
  require(!live->part_of.empty() && live->entry.has_value());
}

// What was handed over once is handed over.
void check_fields(Value value) {
  std::optional<Array> managed_fields = hand_over_fields(value);
  require(managed_fields.has_value() || tool_with_fields(value).empty());
  if (!managed_fields) return;
  require(read_json_patch(managed_fields_patch(*managed_fields), "patch").has_value());
  Value* metadata = value.as_object()->find("metadata");
  metadata->as_object()->set("managedFields", Value(std::move(*managed_fields)));
  require(!hand_over_fields(value).has_value() && tool_with_fields(value).empty());
}

void check_parent(const Value& value) {
  const auto parent = read_parent(value);
  if (!parent) return;
  require(parent->id == applyset_id(parent->kustomization));
  // Of very many marks not all are written.
  if (parent->prune_marks.size() > 100) return;
  require(read_parent(write_parent(*parent)) == parent);
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = read_json(text, "object");
  if (!value) return 0;
  check_live_object(*value);
  check_parent(*value);
  check_fields(*value);
  return 0;
}

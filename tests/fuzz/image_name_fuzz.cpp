// SPDX-License-Identifier: Apache-2.0
// Whatever an image and a rule for it hold, the image stays as it is unless the rule is for it; and
// a plain name finds the images that the regular expression finds.
#include "render/image_name.hpp"

#include "base/take_until.hpp"
#include "document/utf8.hpp"
#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace primocane;

// The name is libFuzzer's. The input is the fields of a rule, a line each, and an image.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!is_utf8(text)) return 0;
  ImageRule rule;
  rule.name = take_until(text, '\n');
  rule.new_name = take_until(text, '\n');
  rule.new_tag = take_until(text, '\n');
  rule.digest = take_until(text, '\n');
  rule.tag_suffix = take_until(text, '\n');

  const ImageName parts = split_image(text);
  require(text.starts_with(parts.name) && text.ends_with(parts.digest));
  require(parts.name.size() + parts.tag.size() + parts.digest.size() <= text.size());

  const auto update = ImageUpdate::make(rule, "kustomization.yaml");
  if (!update) {
    require(update.error().kind == ErrorKind::invalid && !is_plain_pattern(rule.name));
    return 0;
  }
  const std::string updated = update->updated(text);
  if (!update->is_for(text)) require(updated == text);
  Value field = text;
  require(update->update_field(field).has_value() && field == Value(updated));
  if (!is_plain_pattern(rule.name)) return 0;
  rule.name = "(?:" + rule.name + ")";
  require(ImageUpdate::make(rule, "kustomization.yaml").value().updated(text) == updated);
  return 0;
}

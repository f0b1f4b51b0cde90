// SPDX-License-Identifier: Apache-2.0
// Whatever a renderer answers, and however the pipe cuts it, the agent takes well-formed objects or
// an error, and writes what it took as it read it.
#include "fuzz/require.hpp"
#include "render/render_request.hpp"
#include "resource/names.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace primocane;

namespace {

constexpr std::uint64_t objects_max = 50;

Result<std::vector<DesiredObject>> read(std::string_view text, std::size_t cut) {
  RenderAnswerReader reader(objects_max);
  if (auto added = reader.add(text.substr(0, cut)); !added) return std::unexpected(added.error());
  if (auto added = reader.add(text.substr(cut)); !added) return std::unexpected(added.error());
  return reader.finish();
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto objects = read(text, 0);
  require(read(text, size / 2).has_value() == objects.has_value());
  if (!objects) return 0;
  require(objects->size() <= objects_max);
  std::string written;
  for (const DesiredObject& object : *objects) {
    require(is_well_formed(object.id));
    require(object.hash == fingerprint(object.body));
    written += write_render_object(object);
  }
  const auto again = read(written + write_render_end(objects->size()), 0);
  require(again.has_value() && again->size() == objects->size());
  for (std::size_t i = 0; i < objects->size(); ++i) {
    require((*again)[i].id == (*objects)[i].id && (*again)[i].body == (*objects)[i].body);
    require((*again)[i].origin == (*objects)[i].origin);
  }
  return 0;
}

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

Result<Rendering> read(std::string_view text, std::size_t cut) {
  RenderAnswerReader reader(objects_max);
  if (auto added = reader.add(text.substr(0, cut)); !added) return std::unexpected(added.error());
  if (auto added = reader.add(text.substr(cut)); !added) return std::unexpected(added.error());
  return reader.finish();
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto rendering = read(text, 0);
  require(read(text, size / 2).has_value() == rendering.has_value());
  if (!rendering) return 0;
  const std::size_t count =
      rendering->objects.size() + rendering->flux_objects.size() + rendering->not_served.size();
  require(count <= objects_max);
  std::string written;
  for (const DesiredObject& object : rendering->objects) {
    require(is_well_formed(object.id));
    require(object.hash == hash_of(object));
    written += write_render_object(object);
  }
  for (const Resource& object : rendering->flux_objects) written += write_render_object(object);
  for (const ResourceId& id : rendering->not_served) written += write_render_object(id);
  const auto again = read(written + write_render_end(count), 0);
  require(again.has_value() && again->objects.size() == rendering->objects.size());
  for (std::size_t i = 0; i < rendering->objects.size(); ++i) {
    const DesiredObject& object = rendering->objects[i];
    require(again->objects[i].id == object.id && again->objects[i].body == object.body);
    require(again->objects[i].origin == object.origin);
    require(again->objects[i].ignored == object.ignored);
  }
  require(again->not_served == rendering->not_served);
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Whatever rules, objects and managedFields hold: what is read anew is the same, an object has not
// drifted from itself and owns what it owns, and what is not ignored stays as it is.
#include "resource/ignored_fields.hpp"

#include "base/take_until.hpp"
#include "document/json.hpp"
#include "fuzz/require.hpp"
#include "resource/field_ownership.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using namespace primocane;

namespace {

constexpr std::string_view manager = "primocane";

void leave(const Value& desired, const Value& live, const std::vector<JsonPointer>& paths) {
  require(!has_drifted_beyond(live, live, paths));
  require(owns_the_same_beyond(live, live, paths, manager));
  const Value merged = with_live_fields(desired, live, paths, manager);
  require(!has_drifted_beyond(desired, merged, paths) || !paths.empty());
  for (const JsonPointer& path : paths) {
    const Value* const left = path.find_in(merged);
    // An item that is left out of a list moves those behind it.
    if (left == nullptr || desired.as_object() == nullptr || paths.size() > 1) continue;
    const Value* const there = path.find_in(live);
    require(path.find_in(desired) != nullptr);
    if (there == nullptr) continue;
    require(*left == *there || is_applied_by_other(live, path, manager));
  }
}

}  // namespace

// The name is libFuzzer's. The input is rules, an object as Git has it and one as the cluster has
// it, each in a line of JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto list = read_json(take_until(text, '\n'), "rules");
  const auto desired = read_json(take_until(text, '\n'), "desired");
  const auto live = read_json(text, "live");
  if (!list || !desired || !live) return 0;
  const auto rules = IgnoreRules::read(&*list);
  if (!rules) {
    require(rules.error().kind == ErrorKind::invalid && !rules.error().message.empty());
    return 0;
  }
  leave(*desired, *live, rules->paths_for(*desired));
  return 0;
}

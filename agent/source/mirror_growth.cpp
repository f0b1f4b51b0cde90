// SPDX-License-Identifier: Apache-2.0
#include "source/mirror_growth.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t packs_max = 20;
constexpr std::uint64_t added_size_floor = 16ULL * 1024 * 1024;
constexpr std::size_t extras_max = 3;

template <typename T>
void append_new(std::vector<T>& items, const T& item) {
  if (std::ranges::find(items, item) == items.end()) items.push_back(item);
}

}  // namespace

std::optional<CommitId> commit_to_build_on(const MirrorTip& tip) {
  std::uint64_t added = 0;
  for (std::size_t i = 1; i < tip.packs.size(); ++i) added += tip.packs[i].pack_size.count();
  if (added > std::max(tip.packs.front().pack_size.count(), added_size_floor)) return std::nullopt;
  return tip.packs.size() > packs_max ? tip.base : tip.commit;
}

MirrorTip grown(const std::optional<MirrorTip>& last, MirrorTip next,
                const std::optional<CommitId>& on_top_of) {
  next.base = next.commit;
  if (!last || !on_top_of) return next;
  const std::vector<MirrorPack> added = std::exchange(next.packs, {});
  const std::vector<CommitId> shallow = std::exchange(next.shallow, {});
  next.base = last->base;
  // A tip that is the base itself may hold nothing but the first pack; else all are needed.
  next.packs = last->packs;
  if (on_top_of == last->base) next.packs.resize(1);
  next.shallow = last->shallow;
  for (const MirrorPack& pack : added) append_new(next.packs, pack);
  for (const CommitId& commit : shallow) append_new(next.shallow, commit);
  return next;
}

MirrorState with_extra(MirrorState state, MirrorExtra extra) {
  std::erase_if(state.extras,
                [&](const MirrorExtra& other) { return other.commit == extra.commit; });
  state.extras.push_back(std::move(extra));
  if (state.extras.size() > extras_max) state.extras.erase(state.extras.begin());
  return state;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "source/mirror_state.hpp"

#include "document/json.hpp"
#include "document/value.hpp"
#include "source/json_fields.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::uint64_t version = 1;
constexpr std::size_t entries_max = 200'000;

Object written(const MirrorPack& pack) {
  return Object{{"name", pack.name},
                {"packSize", to_value(pack.pack_size.count())},
                {"indexSize", to_value(pack.index_size.count())}};
}

Object written(const MirrorTip& tip) {
  Array packs;
  for (const MirrorPack& pack : tip.packs) packs.emplace_back(written(pack));
  Array shallow;
  for (const CommitId& commit : tip.shallow) shallow.emplace_back(commit.str());
  Object object{{"remote", tip.remote},
                {"branch", tip.branch},
                {"commit", tip.commit.str()},
                {"committedAt", to_value(tip.committed_at)}};
  if (tip.descends_from) object.set("descendsFrom", tip.descends_from->str());
  object.set("base", tip.base.str());
  object.set("packs", std::move(packs));
  object.set("shallow", std::move(shallow));
  return object;
}

Object written(const MirrorExtra& extra) {
  return Object{{"commit", extra.commit.str()},
                {"committedAt", to_value(extra.committed_at)},
                {"pack", written(extra.pack)}};
}

Result<MirrorPack> read_pack(const Value& value) {
  // The name becomes part of a path: it has the form of a commit's.
  std::string name = TRY(commit_at(value, "name")).str();
  const ByteCount pack_size(TRY(number_at(value, "packSize")));
  const ByteCount index_size(TRY(number_at(value, "indexSize")));
  return MirrorPack{.name = std::move(name), .pack_size = pack_size, .index_size = index_size};
}

Result<MirrorTip> read_tip(const Value& value) {
  // GCC 12 leaks the members before one whose TRY returns in the middle of braces.
  CommitId commit = TRY(commit_at(value, "commit"));
  const auto committed_at = TRY(time_at(value, "committedAt"));
  CommitId base = TRY(commit_at(value, "base"));
  MirrorTip tip{.remote = std::string(value.text_at("remote")),
                .branch = std::string(value.text_at("branch")),
                .commit = std::move(commit),
                .committed_at = committed_at,
                .descends_from = {},
                .base = std::move(base),
                .packs = {},
                .shallow = {}};
  if (value.find("descendsFrom") != nullptr) {
    tip.descends_from = TRY(commit_at(value, "descendsFrom"));
  }
  for (const Value& pack : *TRY(array_at(value, "packs", entries_max))) {
    tip.packs.push_back(TRY(read_pack(pack)));
  }
  if (tip.packs.empty()) return odd_field("packs");
  for (const Value& shallow : *TRY(array_at(value, "shallow", entries_max))) {
    if (!shallow.is_string()) return odd_field("shallow");
    tip.shallow.push_back(TRY(CommitId::parse(*shallow.as_string())));
  }
  return tip;
}

Result<MirrorExtra> read_extra(const Value& value) {
  const Value* pack = value.find("pack");
  if (pack == nullptr) return odd_field("pack");
  CommitId commit = TRY(commit_at(value, "commit"));
  const WallTime committed_at = TRY(time_at(value, "committedAt"));
  MirrorPack read = TRY(read_pack(*pack));
  return MirrorExtra{
      .commit = std::move(commit), .committed_at = committed_at, .pack = std::move(read)};
}

}  // namespace

std::vector<MirrorPack> packs_of(const MirrorState& state) {
  std::vector<MirrorPack> packs;
  if (state.tip) packs = state.tip->packs;
  for (const MirrorExtra& extra : state.extras) {
    const bool is_new = std::ranges::none_of(
        packs, [&](const MirrorPack& pack) { return pack.name == extra.pack.name; });
    if (is_new) packs.push_back(extra.pack);
  }
  return packs;
}

std::string write_mirror_state(const MirrorState& state) {
  Object object{{"version", to_value(version)}};
  if (state.tip) object.set("tip", written(*state.tip));
  Array extras;
  for (const MirrorExtra& extra : state.extras) extras.emplace_back(written(extra));
  object.set("extras", std::move(extras));
  return write_json_pretty(object);
}

Result<MirrorState> read_mirror_state(std::string_view text) {
  const Value value = TRY(read_json(text, "state of the mirror"));
  if (TRY(number_at(value, "version")) != version) return odd_field("version");
  MirrorState state;
  if (const Value* tip = value.find("tip")) state.tip = TRY(read_tip(*tip));
  for (const Value& extra : *TRY(array_at(value, "extras", entries_max))) {
    state.extras.push_back(TRY(read_extra(extra)));
  }
  return state;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "source/tip_fetch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

// Beyond this many commits a fetch without regard to what is here costs less than finding it.
constexpr std::uint32_t have_depth_max = 512;
// The same where each look fetches content.
constexpr std::uint32_t have_content_depth_max = 32;
constexpr std::uint32_t first_depth = 2;  // the tip and its parents

constexpr std::string_view accept_hint =
    "look at what happened there; to take it, run: primocane reconcile --accept-rewrite";

Error rewritten(const TipGoal& goal, const GitSettings& settings) {
  return {ErrorKind::denied,
          fmt::format("branch {} was rewritten: commit {} does not descend from {}, which is "
                      "applied; {}",
                      settings.branch, goal.tip.str(), goal.ancestor->str(), accept_hint)};
}

Error too_deep(const TipGoal& goal, const GitSettings& settings) {
  return {ErrorKind::denied,
          fmt::format("branch {} may have been rewritten: commit {} does not descend from {}, "
                      "which is applied, within {} commits (git.limits.depth); {}",
                      settings.branch, goal.tip.str(), goal.ancestor->str(), settings.depth_max,
                      accept_hint)};
}

// What all looks at the commits together have shown.
struct Search {
  std::optional<Error> refusal;
  std::optional<std::uint64_t> have_distance;
};

// What a look at some depth of the history has shown.
struct Look {
  bool is_proven = false;
  std::optional<std::uint64_t> have_distance;
  bool is_cut = false;
};

std::vector<CommitId> look_for(const TipGoal& goal) {
  std::vector<CommitId> commits;
  if (goal.ancestor) commits.push_back(*goal.ancestor);
  if (goal.have && goal.have != goal.ancestor) commits.push_back(*goal.have);
  return commits;
}

Look judge(const TipGoal& goal, const IndexedPack& pack) {
  const std::vector<CommitId> commits = look_for(goal);
  const auto distance_of = [&](const CommitId& commit) {
    const auto at = std::ranges::find(commits, commit) - commits.begin();
    return pack.distances.at(static_cast<std::size_t>(at));
  };
  Look look{.is_proven = !goal.ancestor, .have_distance = {}, .is_cut = pack.is_cut};
  if (goal.have) look.have_distance = distance_of(*goal.have);
  if (goal.ancestor) {
    look.is_proven = distance_of(*goal.ancestor).has_value() ||
                     (look.have_distance.has_value() && goal.have_descends);
  }
  return look;
}

Task<Result<Search>> look_at_commits(PackFetcher* fetcher, GitSettings settings, TipGoal goal) {
  std::optional<std::uint32_t> depth = std::min(first_depth, settings.depth_max);
  while (true) {
    FetchRequest request{.want = goal.tip,
                         .tag = goal.tag,
                         .have = std::nullopt,
                         .depth = *depth,
                         .content = FetchContent::commits_only};
    CO_TRY(const FetchedPack fetched, co_await fetcher->fetch(std::move(request), look_for(goal)));
    fetcher->discard_fetched();
    const Look look = judge(goal, fetched.pack);
    const bool is_enough = !goal.have || look.have_distance || *depth >= have_depth_max;
    if (look.is_proven && (is_enough || !look.is_cut)) {
      co_return Search{.refusal = {}, .have_distance = look.have_distance};
    }
    if (!look.is_cut) co_return Search{.refusal = rewritten(goal, settings), .have_distance = {}};
    depth = next_depth(*depth, settings.depth_max);
    if (!depth && look.is_proven) co_return Search{};
    if (!depth) co_return Search{.refusal = too_deep(goal, settings), .have_distance = {}};
  }
}

// Whether a fetch of more than the tip failed in a way in which one of the tip alone may not: what
// lies between is refused, for its size or what it holds.
bool may_do_without_the_rest(const Result<FetchedPack>& fetched) {
  return !fetched && fetched.error().kind == ErrorKind::invalid;
}

Task<Result<TipPack>> fetch_tip_alone(PackFetcher* fetcher, TipGoal goal) {
  FetchRequest request{
      .want = std::move(goal.tip), .tag = std::move(goal.tag), .have = std::nullopt, .depth = 1};
  CO_TRY(FetchedPack fetched, co_await fetcher->fetch(std::move(request), {}));
  co_return TipPack{.fetched = std::move(fetched), .on_top_of = std::nullopt};
}

// Fetches content in growing depth until it shows what it must.
Task<Result<TipFetch>> look_at_content(PackFetcher* fetcher, GitSettings settings, TipGoal goal) {
  // What lies before a commit that we have is not sent, so it must not hide the ancestor.
  if (goal.ancestor && !goal.have_descends) goal.have.reset();
  const bool must_look = goal.ancestor || goal.have;
  std::optional<std::uint32_t> depth = must_look ? std::min(first_depth, settings.depth_max) : 1;
  while (true) {
    FetchRequest request{.want = goal.tip, .tag = goal.tag, .have = goal.have, .depth = *depth};
    auto fetched = co_await fetcher->fetch(std::move(request), look_for(goal));
    if (!goal.ancestor && goal.have && may_do_without_the_rest(fetched)) {
      CO_TRY(TipPack alone, co_await fetch_tip_alone(fetcher, goal));
      co_return alone;
    }
    if (!fetched) co_return std::unexpected(std::move(fetched).error());
    const Look look = judge(goal, fetched->pack);
    const bool is_enough = !goal.have || look.have_distance || *depth >= have_content_depth_max;
    if (look.is_proven && (is_enough || !look.is_cut)) {
      co_return TipPack{.fetched = std::move(*fetched), .on_top_of = goal.have};
    }
    fetcher->discard_fetched();
    if (!look.is_cut) co_return rewritten(goal, settings);
    depth = next_depth(*depth, settings.depth_max);
    if (!depth) co_return too_deep(goal, settings);
  }
}

}  // namespace

std::optional<std::uint32_t> next_depth(std::uint32_t depth, std::uint32_t depth_max) {
  constexpr std::uint32_t factor = 16;
  if (depth >= depth_max) return std::nullopt;
  return depth > depth_max / factor ? depth_max : depth * factor;
}

Task<Result<TipFetch>> fetch_tip(PackFetcher* fetcher, GitSettings settings, TipGoal goal) {
  CO_TRY(const GitCapabilities server, co_await fetcher->remote().capabilities());
  if (!server.has_filter || !server.has_shallow) {
    auto fetched = co_await look_at_content(fetcher, std::move(settings), std::move(goal));
    co_return fetched;
  }
  std::optional<std::uint64_t> have_distance;
  if (goal.ancestor || goal.have) {
    CO_TRY(Search search, co_await look_at_commits(fetcher, settings, goal));
    if (search.refusal) co_return std::move(*search.refusal);
    have_distance = search.have_distance;
  }
  if (have_distance) {
    // Servers leave out what a commit holds only if it lies within the depth.
    FetchRequest request{.want = goal.tip,
                         .tag = goal.tag,
                         .have = goal.have,
                         .depth = static_cast<std::uint32_t>(*have_distance) + 1};
    auto fetched = co_await fetcher->fetch(std::move(request), {});
    if (fetched) co_return TipPack{.fetched = std::move(*fetched), .on_top_of = goal.have};
    if (!may_do_without_the_rest(fetched)) co_return std::unexpected(std::move(fetched).error());
  }
  CO_TRY(TipPack alone, co_await fetch_tip_alone(fetcher, goal));
  co_return alone;
}

Task<Result<std::optional<Error>>> prove_descent(PackFetcher* fetcher, GitSettings settings,
                                                 TipGoal goal) {
  goal.have.reset();
  CO_TRY(const GitCapabilities server, co_await fetcher->remote().capabilities());
  if (server.has_filter && server.has_shallow) {
    CO_TRY(Search search, co_await look_at_commits(fetcher, std::move(settings), std::move(goal)));
    co_return std::move(search.refusal);
  }
  CO_TRY(TipFetch fetch, co_await look_at_content(fetcher, std::move(settings), std::move(goal)));
  if (auto* refusal = std::get_if<Error>(&fetch)) co_return std::move(*refusal);
  fetcher->discard_fetched();
  co_return std::nullopt;
}

}  // namespace primocane

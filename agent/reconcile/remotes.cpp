// SPDX-License-Identifier: Apache-2.0
#include "reconcile/remotes.hpp"

#include "document/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <variant>

namespace primocane {

namespace {

// The beginning of a page for browsers, and of no YAML: a host that shows its files to people, or
// wants them to log in, answers so.
bool is_markup(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '<';
}

Error neither(const Error& as_file, const Error& as_base) {
  const bool may_heal =
      as_file.kind == ErrorKind::unavailable || as_base.kind == ErrorKind::unavailable;
  return {may_heal ? ErrorKind::unavailable : ErrorKind::denied,
          fmt::format("{}; nor is it a repository: {}", as_file.message, as_base.message)};
}

// Whoever has it elsewhere may put it right without a commit of ours.
Error about(const std::string& text, Error error) {
  if (error.kind == ErrorKind::invalid) error.kind = ErrorKind::denied;
  return with_context(shown_remote(text), std::move(error));
}

// Takes out what turned out to be damaged.
void take_back(RemoteGifts& gifts, const std::string& name) {
  std::size_t file = 0;
  for (std::size_t i = 0; i < gifts.remotes.size(); ++i) {
    const bool has_file = gifts.remotes[i].kind != GivenKind::no_file;
    if (gifts.remotes[i].name == name) {
      gifts.remotes.erase(std::next(gifts.remotes.begin(), static_cast<std::ptrdiff_t>(i)));
      if (has_file)
        gifts.files.erase(std::next(gifts.files.begin(), static_cast<std::ptrdiff_t>(file)));
      return;
    }
    if (has_file) ++file;
  }
}

std::string name_of(const RemoteNeed& need) {
  if (need.role != RemoteRole::base) return name_of_file(need.text);
  const std::optional<RemoteBase> base = parse_remote_base(need.text);
  return base ? name_of_tree(*base) : std::string();
}

}  // namespace

bool RemoteGifts::has(const std::string& name) const {
  return std::ranges::any_of(remotes,
                             [&](const GivenRemote& remote) { return remote.name == name; });
}

Task<Result<void>> Remotes::provide(std::vector<RemoteNeed> needs, RemoteGifts* gifts) {
  for (const RemoteNeed& need : needs) {
    const std::string name = name_of(need);
    if (!gifts->has(name)) continue;
    if (!gifts->replaced.insert(name).second) {
      co_return fail(ErrorKind::unavailable,
                     fmt::format("{}: what was fetched can't be read back from disk",
                                 shown_remote(need.text)));
    }
    take_back(*gifts, name);
  }
  for (RemoteNeed& need : needs) {
    tell_unpinned(need.text);
    const std::string text = need.text;
    Result<void> provided = co_await provide_one(std::move(need), gifts);
    if (!provided) co_return std::unexpected(about(text, std::move(provided).error()));
    if (gifts->remotes.size() > settings_.count_max) {
      co_return fail(ErrorKind::invalid,
                     fmt::format("more than {} files and repositories from elsewhere are needed "
                                 "(render.remotes)",
                                 settings_.count_max));
    }
  }
  co_return Result<void>();
}

void Remotes::keep(const RemoteGifts& gifts) const {
  if (!settings_.unused_max) return;
  std::set<std::string> used;
  for (const GivenRemote& remote : gifts.remotes) used.insert(remote.name);
  const bool is_at_once = *settings_.unused_max == std::chrono::hours(0);
  store_.remove_unused(used,
                       is_at_once ? WallTime::max() : clock_.wall_now() - *settings_.unused_max);
}

Task<Result<void>> Remotes::provide_one(RemoteNeed need, RemoteGifts* gifts) {
  if (need.role != RemoteRole::base) co_return co_await provide_file(std::move(need), gifts);
  std::optional<RemoteBase> base = parse_remote_base(need.text);
  if (!base) co_return fail(ErrorKind::invalid, "is no repository that Git knows");
  co_return co_await provide_tree(std::move(need.text), std::move(*base), gifts);
}

Task<Result<void>> Remotes::provide_file(RemoteNeed need, RemoteGifts* gifts) {
  const std::string name = name_of_file(need.text);
  const std::string text = need.text;
  if (gifts->has(name)) co_return Result<void>();
  const std::optional<StoredRemote> kept = stored(name, *gifts);
  // What is a repository does not become a file.
  const bool is_base =
      kept && kept->kind == GivenKind::no_file && need.role == RemoteRole::file_or_base;
  if (is_base) {
    std::optional<RemoteBase> base = parse_remote_base(text);
    if (base) {
      CO_CHECK(co_await provide_tree(text, std::move(*base), gifts));
      co_return give(*kept, *gifts);
    }
  }
  const bool is_current = kept && kept->kind == GivenKind::file && !gifts->revision.empty() &&
                          kept->revision == gifts->revision;
  if (is_current) co_return give(*kept, *gifts);
  Result<StoredRemote> fetched = co_await fetch_file(std::move(need), gifts);
  if (fetched) co_return give(*fetched, *gifts);
  co_return fall_back(text, std::move(fetched).error(), kept, *gifts);
}

// A file, or the note that it is none and a base instead, which is in `gifts` then.
Task<Result<StoredRemote>> Remotes::fetch_file(RemoteNeed need, RemoteGifts* gifts) {
  CO_TRY(RemoteFile answer, co_await source_.file(need.text));
  Error no_file;
  if (auto* none = std::get_if<NoRemoteFile>(&answer)) {
    no_file = std::move(none->error);
  } else {
    const std::string& text = std::get<std::string>(answer);
    if (need.role == RemoteRole::file || !is_markup(text)) {
      co_return store_.put_file(name_of_file(need.text), text, gifts->revision);
    }
    no_file = {ErrorKind::denied, "the URL returned HTML, not YAML"};
  }
  std::optional<RemoteBase> base;
  if (need.role == RemoteRole::file_or_base) base = parse_remote_base(need.text);
  if (!base) co_return std::unexpected(std::move(no_file));
  Result<void> provided = co_await provide_tree(need.text, std::move(*base), gifts);
  if (!provided) co_return std::unexpected(neither(no_file, provided.error()));
  StoredRemote note{.name = name_of_file(need.text),
                    .kind = GivenKind::no_file,
                    .content = {},
                    .hash = {},
                    .commit = {},
                    .revision = gifts->revision};
  CO_CHECK(store_.put(note));
  co_return note;
}

Task<Result<void>> Remotes::provide_tree(std::string text, RemoteBase base, RemoteGifts* gifts) {
  const std::string name = name_of_tree(base);
  if (gifts->has(name)) co_return Result<void>();
  std::optional<StoredRemote> kept = stored(name, *gifts);
  const bool is_current = kept && (CommitId::parse(base.ref).has_value() ||
                                   (!gifts->revision.empty() && kept->revision == gifts->revision));
  if (is_current) co_return give(*kept, *gifts);
  Result<StoredRemote> fetched = co_await fetch_tree(std::move(base), kept, gifts->revision);
  if (fetched) co_return give(*fetched, *gifts);
  co_return fall_back(text, std::move(fetched).error(), kept, *gifts);
}

Task<Result<StoredRemote>> Remotes::fetch_tree(RemoteBase base, std::optional<StoredRemote> stored,
                                               std::string revision) {
  RemoteRepository repository{.url = base.repository, .ref = base.ref, .timeout = base.timeout};
  CO_TRY(const CommitId commit, co_await source_.commit(repository));
  StoredRemote remote{.name = name_of_tree(base),
                      .kind = GivenKind::tree,
                      .content = {},
                      .hash = {},
                      .commit = commit.str(),
                      .revision = std::move(revision)};
  remote.content = RemoteStore::content_of_tree(remote.name, remote.commit);
  if (!stored || stored->commit != remote.commit) {
    CO_CHECK(store_.prepare());
    std::string path = store_.path_of(remote.content);
    CO_CHECK(co_await source_.bundle(std::move(repository), commit, std::move(path)));
  }
  if (stored != remote) {
    CO_CHECK(store_.put(remote));
  }
  co_return remote;
}

// What is on disk, unless it is known to be damaged.
std::optional<StoredRemote> Remotes::stored(const std::string& name,
                                            const RemoteGifts& gifts) const {
  if (gifts.replaced.contains(name)) return std::nullopt;
  return store_.find(name);
}

Result<void> Remotes::give(const StoredRemote& remote, RemoteGifts& gifts) const {
  if (gifts.has(remote.name)) return {};
  if (remote.kind != GivenKind::no_file) gifts.files.push_back(TRY(store_.open(remote)));
  gifts.remotes.push_back({.name = remote.name, .kind = remote.kind, .hash = remote.hash});
  return {};
}

Result<void> Remotes::fall_back(const std::string& text, Error error,
                                const std::optional<StoredRemote>& stored,
                                RemoteGifts& gifts) const {
  const bool is_here = stored && stored->kind != GivenKind::no_file;
  if (error.kind != ErrorKind::unavailable || !is_here) return std::unexpected(std::move(error));
  events_.emit({.kind = EventKind::remote_unavailable,
                .severity = Severity::warning,
                .message = fmt::format("{}: {}; what was fetched before is rendered",
                                       shown_remote(text), error.message),
                .revision = {}});
  return give(*stored, gifts);
}

void Remotes::tell_unpinned(const std::string& text) {
  if (has_ref(text) || !told_.insert(text).second) return;
  events_.emit({.kind = EventKind::remote_unpinned,
                .severity = Severity::warning,
                .message = fmt::format("{} names no revision (?ref=...): what is rendered may "
                                       "change without a commit",
                                       shown_remote(text)),
                .revision = {}});
}

}  // namespace primocane

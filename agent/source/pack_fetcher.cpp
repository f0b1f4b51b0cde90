// SPDX-License-Identifier: Apache-2.0
#include "source/pack_fetcher.hpp"

#include "source/pack_child.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <variant>

namespace primocane {

namespace {

constexpr std::chrono::seconds check_time{300};
// Time to resolve the deltas of a pack that has come.
constexpr std::chrono::seconds index_time{120};
constexpr std::uint64_t index_entry_size = 40;  // gitformat-pack(5): name, checksum, offset
// What libgit2's indexer takes for an object (137 bytes with 300,000 of them), and for all else.
constexpr std::uint64_t memory_per_object = 160;
constexpr std::uint64_t memory_besides = 64ULL * 1024 * 1024;

BoxedSpec index_box(const std::string& folder, const GitSettings& settings) {
  const std::uint64_t index_max = settings.objects_max * index_entry_size;
  BoxedSpec spec{.work = BoxedWork::index, .root = folder, .root_is_writable = true, .limits = {}};
  spec.limits.cpu_time = settings.fetch_timeout + index_time;
  spec.limits.wall_time = settings.fetch_timeout + index_time;
  spec.limits.output = ByteCount(settings.pack_max.count() + index_max);
  const ByteCount memory(memory_besides + settings.objects_max * memory_per_object);
  spec.limits.memory = std::max(spec.limits.memory, memory);
  return spec;
}

}  // namespace

Task<Result<FetchedPack>> PackFetcher::fetch(FetchRequest request, std::vector<CommitId> look_for) {
  CO_TRY(std::string folder, mirror_.make_incoming());
  auto fetched = co_await fetch_into(folder, std::move(request), std::move(look_for));
  if (!fetched) mirror_.remove_incoming();
  co_return fetched;
}

void PackFetcher::discard_fetched() const { mirror_.remove_incoming(); }

Task<Result<FetchedPack>> PackFetcher::fetch_into(std::string folder, FetchRequest request,
                                                  std::vector<CommitId> look_for) {
  const IndexPack work{.tip = request.want,
                       .look_for = std::move(look_for),
                       .pack_max = settings_.pack_max,
                       .objects_max = settings_.objects_max};
  CO_TRY(const std::unique_ptr<PackChild> child,
         PackChild::start(children_, index_box(folder, settings_), work));
  auto shallow = co_await remote_.fetch(std::move(request), child.get());
  const bool child_gave_up = !shallow && shallow.error().kind == ErrorKind::cancelled;
  if (!shallow && !child_gave_up) co_return std::unexpected(std::move(shallow).error());
  CO_TRY(PackAnswer answer, co_await child->finish());
  if (auto* error = std::get_if<Error>(&answer)) co_return std::unexpected(std::move(*error));
  auto* pack = std::get_if<IndexedPack>(&answer);
  if (pack == nullptr || child_gave_up || pack->distances.size() != work.look_for.size()) {
    co_return fail(ErrorKind::invalid, "the child that indexes packs answers something else");
  }
  co_return FetchedPack{
      .folder = std::move(folder), .pack = std::move(*pack), .shallow = std::move(*shallow)};
}

Task<Result<PackAnswer>> check_in_mirror(const Mirror* mirror, ChildProcesses* children,
                                         CheckCommit request) {
  co_return co_await ask_in_mirror(mirror, children, PackRequest(std::move(request)));
}

Task<Result<PackAnswer>> ask_in_mirror(const Mirror* mirror, ChildProcesses* children,
                                       PackRequest request) {
  BoxedSpec spec{
      .work = BoxedWork::index, .root = mirror->path(), .root_is_writable = false, .limits = {}};
  spec.limits.cpu_time = check_time;
  spec.limits.wall_time = check_time;
  CO_TRY(const std::unique_ptr<PackChild> child,
         PackChild::start(*children, std::move(spec), request));
  co_return co_await child->finish();
}

}  // namespace primocane

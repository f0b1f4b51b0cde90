// SPDX-License-Identifier: Apache-2.0
#include "reconcile/composed_repository.hpp"

#include "base/sha256.hpp"
#include "base/unique_fd.hpp"
#include "base/vanishing_file.hpp"
#include "document/json.hpp"
#include "source/bundle_files.hpp"
#include "source/commit_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

namespace primocane {

namespace {

constexpr std::chrono::seconds composing_time{300};
constexpr std::string_view composed_size_key = "git.limits.packSize";

TreePlace place_of_content(RenderSource kind) {
  switch (kind) {
    case RenderSource::commit:
      return TreePlace::commit;
    case RenderSource::bundle:
      return TreePlace::bundle;
    case RenderSource::folder:
      break;
  }
  return TreePlace::folder;
}

Value shape_value(const std::optional<TreeShape>& shape) {
  return shape ? write_tree_shape(*shape) : Value();
}

bool is_folder(const SourceContent& content) { return content.kind == RenderSource::folder; }

std::string composition_hash(const Value& value) {
  return to_hex(sha256(write_canonical_json(value)));
}

BundleJob composing_job(const GitSettings& git, PackRequest request, std::string root) {
  return {.request = std::move(request),
          .root = std::move(root),
          .files = {},
          .size_max = git.pack_max,
          .size_key = std::string(composed_size_key),
          .time_max = composing_time};
}

// What of an included repository is wanted.
BundlePart part_request(const SourceContent& content, RelativePath from, ByteCount file_max) {
  return {.place = place_of_content(content.kind),
          .commit = content.kind == RenderSource::commit ? content.commit : std::nullopt,
          .shape = content.shape,
          .part = std::move(from),
          .file_max = file_max};
}

std::string include_words(const GitInclude& include) {
  return fmt::format("spec.include: {}, fromPath \"{}\"", include.repository, include.from.str());
}

// Takes what `include` wants of `content` into `part`.
Task<Result<void>> take_part(ChildProcesses* children, const GitSettings* git,
                             const GitInclude* include, SourceContent content,
                             VanishingFile* part) {
  BundleJob job =
      composing_job(*git, part_request(content, include->from, git->file_max), content.root);
  UniqueFd bundle;
  if (content.kind == RenderSource::bundle) {
    CO_TRY(bundle, open_bundle(content.root));
    job.root.erase(job.root.rfind('/'));
    job.files.push_back(bundle.get());
  }
  BundleSink take = [part](std::string_view piece) { return part->add(piece); };
  Result<void> taken = co_await take_bundle(children, std::move(job), std::move(take));
  if (!taken) {
    co_return std::unexpected(with_context(include_words(*include), std::move(taken).error()));
  }
  co_return Result<void>();
}

}  // namespace

bool is_composed(const GitRepositorySpec& spec) {
  return !spec.includes.empty() || spec.recurses_submodules;
}

ComposedRepository::ComposedRepository(CompositionSettings settings, GitRepository& repository,
                                       EventLoop& loop, ChildProcesses& children)
    : settings_(std::move(settings)),
      repository_(repository),
      children_(children),
      folder_(settings_.folder),
      submodules_({.git = settings_.source.settings,
                   .access = settings_.source.access,
                   .readers = settings_.readers,
                   .key_folder = settings_.key_folder,
                   .folder = folder_.submodules_path(),
                   .work_folder = settings_.folder + "/incoming"},
                  loop, children) {}

std::optional<SourceContent> ComposedRepository::on_disk() {
  folder_.forget_damaged();
  const std::optional<ComposedTree> tree = folder_.read();
  if (!tree) return std::nullopt;
  return content(*tree);
}

// Flux takes whatever the ref leads to, also where it was moved back.
Task<Result<SourceContent>> ComposedRepository::update(std::vector<SourceContent> included) {
  CO_TRY(const Revision revision, co_await repository_.update(std::nullopt, Rewrite::accept));
  ComposedTree tree{.wish = wish(),
                    .state = state_of(revision, included),
                    .revision = to_string(revision),
                    .path = {}};
  tree.path = folder_.bundle_path(tree.state);
  const std::optional<ComposedTree> here = folder_.read();
  // What is in a folder changes without a revision that tells.
  const bool is_certain = std::ranges::none_of(included, is_folder);
  if (here == tree && is_certain) co_return content(tree);
  if (!here || here->state != tree.state || !is_certain) {
    CO_CHECK(co_await compose(revision.commit, std::move(included), tree.path));
  }
  CO_CHECK(folder_.write(tree));
  co_return content(tree);
}

Task<Result<void>> ComposedRepository::compose(CommitId commit, std::vector<SourceContent> included,
                                               std::string path) {
  const GitSettings& git = settings_.source.settings;
  ComposeCommit request{.commit = commit,
                        .sparse = settings_.shape.sparse,
                        .additions = {},
                        .file_max = git.file_max};
  std::vector<FetchedSubmodule> submodules;
  if (settings_.recurses_submodules) {
    CO_TRY(submodules,
           co_await submodules_.fetch(repository_.mirror_path(), commit, request.sparse));
  }
  if (submodules.size() + settings_.includes.size() > tree_additions_max) {
    co_return fail(
        ErrorKind::invalid,
        fmt::format("has more than {} submodules and spec.include, together", tree_additions_max));
  }
  std::vector<UniqueFd> bundles;
  std::vector<VanishingFile> parts;
  std::vector<int> files;
  for (const FetchedSubmodule& submodule : submodules) {
    CO_TRY(UniqueFd file, open_bundle(submodule.path));
    files.push_back(file.get());
    bundles.push_back(std::move(file));
    request.additions.push_back(
        TreeAddition{.role = TreeAddition::Role::submodule, .from = {}, .at = submodule.at});
  }
  for (std::size_t i = 0; i < settings_.includes.size(); ++i) {
    const GitInclude* const include = &settings_.includes[i];
    CO_TRY(VanishingFile part, VanishingFile::make(settings_.folder));
    CO_CHECK(co_await take_part(&children_, &git, include, std::move(included.at(i)), &part));
    files.push_back(part.reader());
    parts.push_back(std::move(part));
    request.additions.push_back(TreeAddition{
        .role = TreeAddition::Role::inclusion, .from = include->from, .at = include->to});
  }
  BundleJob job = composing_job(git, PackRequest(std::move(request)), repository_.mirror_path());
  job.files = std::move(files);
  Result<void> composed = co_await write_bundle_of(&children_, std::move(job), std::move(path));
  const bool may_be_damaged = !composed && composed.error().kind == ErrorKind::unavailable;
  submodules_.keep_only(may_be_damaged ? std::vector<FetchedSubmodule>() : submodules);
  co_return composed;
}

// What the object asks for, as far as it is done here.
std::string ComposedRepository::wish() const {
  const GitSettings& git = settings_.source.settings;
  const GitReference& ref = git.reference;
  Array includes;
  for (const GitInclude& include : settings_.includes) {
    includes.emplace_back(Object{{"repository", include.repository},
                                 {"from", include.from.str()},
                                 {"to", include.to.str()}});
  }
  return composition_hash(Object{{"url", git.url},
                                 {"ref", Object{{"branch", ref.branch},
                                                {"tag", ref.tag},
                                                {"semver", ref.semver},
                                                {"name", ref.name},
                                                {"commit", ref.commit}}},
                                 {"shape", write_tree_shape({.sparse = settings_.shape.sparse,
                                                             .ignore = {},
                                                             .defaults = IgnoreDefaults::no})},
                                 {"submodules", settings_.recurses_submodules},
                                 {"include", std::move(includes)}});
}

// The submodules follow from the commit.
std::string ComposedRepository::state_of(const Revision& revision,
                                         const std::vector<SourceContent>& included) const {
  Array parts;
  for (const SourceContent& part : included) {
    parts.emplace_back(Object{
        {"revision", part.revision}, {"root", part.root}, {"shape", shape_value(part.shape)}});
  }
  const std::uint64_t file_max = settings_.source.settings.file_max.count();
  return composition_hash(Object{{"wish", wish()},
                                 {"commit", revision.commit.str()},
                                 {"fileMax", file_max},
                                 {"included", std::move(parts)}});
}

SourceContent ComposedRepository::content(const ComposedTree& tree) const {
  SourceContent content;
  content.revision = tree.revision;
  content.kind = RenderSource::bundle;
  content.root = tree.path;
  content.shape = settings_.shape;
  content.shape->sparse.clear();
  return content;
}

}  // namespace primocane

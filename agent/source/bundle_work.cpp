// SPDX-License-Identifier: Apache-2.0
#include "source/bundle_work.hpp"

#include "base/base64.hpp"
#include "source/json_fields.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> place_words{"commit", "bundle", "folder"};
constexpr std::size_t sparse_max = 10'000;

Value path_value(const RelativePath& path) { return to_base64(path.str()); }

Result<RelativePath> path_at(const Value& object, std::string_view key) {
  const std::string text = TRY(from_base64(object.text_at(key)));
  RelativePath path = TRY(RelativePath::parse(text));
  if (path.str() != text) return odd_field(key);
  return path;
}

Value commit_value(const std::optional<CommitId>& commit) {
  return commit ? Value(commit->str()) : Value();
}

Result<std::optional<CommitId>> optional_commit_at(const Value& object, std::string_view key) {
  const Value* const commit = object.find(key);
  if (commit != nullptr && commit->is_null()) return std::nullopt;
  return TRY(commit_at(object, key));
}

Array write_sparse(const std::vector<std::string>& prefixes) {
  Array sparse;
  for (const std::string& prefix : prefixes) sparse.emplace_back(prefix);
  return sparse;
}

Result<std::vector<std::string>> sparse_at(const Value& object) {
  std::vector<std::string> sparse;
  for (const Value& prefix : *TRY(array_at(object, "sparse", sparse_max))) {
    if (!prefix.is_string()) return odd_field("sparse");
    sparse.push_back(*prefix.as_string());
  }
  return sparse;
}

Result<TreePlace> place_at(const Value& object) {
  for (std::size_t i = 0; i < place_words.size(); ++i) {
    if (object.text_at("place") == place_words.at(i)) return static_cast<TreePlace>(i);
  }
  return odd_field("place");
}

Result<TreeAddition> read_addition(const Value& value) {
  const bool is_submodule = TRY(bool_at(value, "submodule"));
  RelativePath from = TRY(path_at(value, "from"));
  RelativePath at = TRY(path_at(value, "at"));
  return TreeAddition{
      .role = is_submodule ? TreeAddition::Role::submodule : TreeAddition::Role::inclusion,
      .from = std::move(from),
      .at = std::move(at)};
}

Result<Submodule> read_submodule(const Value& value) {
  RelativePath path = TRY(path_at(value, "path"));
  std::string url = TRY(from_base64(value.text_at("url")));
  CommitId commit = TRY(commit_at(value, "commit"));
  if (path.is_root()) return odd_field("path");
  return Submodule{.path = std::move(path), .url = std::move(url), .commit = std::move(commit)};
}

}  // namespace

Value write_bundle_work(const BundleCommit& request) {
  return Object{{"work", "bundle"},
                {"commit", request.commit.str()},
                {"fileMax", to_value(request.file_max.count())}};
}

Value write_bundle_work(const BundlePart& request) {
  return Object{{"work", "part"},
                {"place", place_words.at(static_cast<std::size_t>(request.place))},
                {"commit", commit_value(request.commit)},
                {"shape", request.shape ? write_tree_shape(*request.shape) : Value()},
                {"part", path_value(request.part)},
                {"fileMax", to_value(request.file_max.count())}};
}

Value write_bundle_work(const ComposeCommit& request) {
  Array additions;
  for (const TreeAddition& addition : request.additions) {
    additions.emplace_back(Object{{"submodule", addition.role == TreeAddition::Role::submodule},
                                  {"from", path_value(addition.from)},
                                  {"at", path_value(addition.at)}});
  }
  return Object{{"work", "compose"},
                {"commit", request.commit.str()},
                {"sparse", write_sparse(request.sparse)},
                {"additions", std::move(additions)},
                {"fileMax", to_value(request.file_max.count())}};
}

Value write_bundle_work(const ListSubmodules& request) {
  return Object{{"work", "submodules"},
                {"commit", commit_value(request.commit)},
                {"sparse", write_sparse(request.sparse)}};
}

Value write_bundle_work(const SubmoduleList& answer) {
  Array submodules;
  for (const Submodule& submodule : answer.submodules) {
    submodules.emplace_back(Object{{"path", path_value(submodule.path)},
                                   {"url", to_base64(submodule.url)},
                                   {"commit", submodule.commit.str()}});
  }
  return Object{{"submodules", std::move(submodules)}};
}

Result<BundleCommit> read_bundle_commit(const Value& request) {
  CommitId commit = TRY(commit_at(request, "commit"));
  const ByteCount file_max(TRY(number_at(request, "fileMax")));
  return BundleCommit{.commit = std::move(commit), .file_max = file_max};
}

// One by one: GCC 12 leaks the members before one whose TRY returns in the middle of braces.
Result<BundlePart> read_bundle_part(const Value& request) {
  BundlePart part;
  part.place = TRY(place_at(request));
  part.commit = TRY(optional_commit_at(request, "commit"));
  if (part.commit.has_value() != (part.place == TreePlace::commit)) return odd_field("commit");
  const Value* const shape = request.find("shape");
  if (shape != nullptr && !shape->is_null()) part.shape = TRY(read_tree_shape(*shape));
  part.part = TRY(path_at(request, "part"));
  part.file_max = ByteCount(TRY(number_at(request, "fileMax")));
  return part;
}

Result<ComposeCommit> read_compose_commit(const Value& request) {
  CommitId commit = TRY(commit_at(request, "commit"));
  ComposeCommit composed{
      .commit = std::move(commit), .sparse = {}, .additions = {}, .file_max = {}};
  composed.sparse = TRY(sparse_at(request));
  for (const Value& addition : *TRY(array_at(request, "additions", tree_additions_max))) {
    composed.additions.push_back(TRY(read_addition(addition)));
  }
  composed.file_max = ByteCount(TRY(number_at(request, "fileMax")));
  return composed;
}

Result<ListSubmodules> read_list_submodules(const Value& request) {
  ListSubmodules list;
  list.commit = TRY(optional_commit_at(request, "commit"));
  list.sparse = TRY(sparse_at(request));
  return list;
}

Result<SubmoduleList> read_submodule_list(const Value& answer) {
  SubmoduleList list;
  for (const Value& submodule : *TRY(array_at(answer, "submodules", submodules_max))) {
    list.submodules.push_back(TRY(read_submodule(submodule)));
  }
  return list;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "reconcile/source_inclusions.hpp"

#include "flux/git_repository_spec.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace primocane {

namespace {

// Depth-first, remembering the way.
class InclusionSearch {
 public:
  explicit InclusionSearch(const SourceInclusions& inclusions) : inclusions_(inclusions) {}

  // How many stand before `reference`, one in the other, at most.
  std::size_t visit(const SourceReference& reference) {
    const auto known = depths_.find(reference);
    if (known != depths_.end()) return known->second;
    const auto on_way = std::ranges::find(way_, reference);
    if (on_way != way_.end()) {
      note_circle(on_way);
      return 0;
    }
    std::size_t depth = 0;
    const auto included = inclusions_.find(reference);
    way_.push_back(reference);
    if (included != inclusions_.end()) {
      for (const SourceReference& one : included->second) depth = std::max(depth, visit(one) + 1);
    }
    way_.pop_back();
    depths_.emplace(reference, depth);
    return depth;
  }

  [[nodiscard]] const std::map<SourceReference, std::size_t>& depths() const { return depths_; }
  std::map<SourceReference, std::string> take_circles() { return std::move(circles_); }

 private:
  void note_circle(std::vector<SourceReference>::const_iterator begin) {
    std::string text;
    for (auto step = begin; step != way_.cend(); ++step) text += to_string(*step) + " → ";
    text += to_string(*begin);
    for (auto step = begin; step != way_.cend(); ++step) circles_.emplace(*step, text);
  }

  const SourceInclusions& inclusions_;
  std::vector<SourceReference> way_;
  std::map<SourceReference, std::size_t> depths_;
  std::map<SourceReference, std::string> circles_;
};

}  // namespace

std::vector<SourceReference> includes_of(const Resource& object) {
  std::vector<SourceReference> included;
  if (object.id.kind != "GitRepository" || object.object.find("spec", "include") == nullptr) {
    return included;
  }
  const Result<GitRepositorySpec> spec = GitRepositorySpec::read(object);
  if (!spec) return included;
  for (const GitInclude& include : spec->includes) {
    included.push_back({object.id.kind, object.id.namespace_name, include.repository});
  }
  return included;
}

std::vector<std::set<SourceReference>> inclusion_waves(
    const SourceInclusions& inclusions, const std::set<SourceReference>& references) {
  InclusionSearch search(inclusions);
  for (const SourceReference& reference : references) search.visit(reference);
  std::vector<std::set<SourceReference>> waves;
  for (const auto& [reference, depth] : search.depths()) {
    if (waves.size() <= depth) waves.resize(depth + 1);
    waves[depth].insert(reference);
  }
  return waves;
}

std::map<SourceReference, std::string> inclusion_circles(const SourceInclusions& inclusions) {
  InclusionSearch search(inclusions);
  for (const auto& [reference, included] : inclusions) search.visit(reference);
  return search.take_circles();
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "source/git_reference.hpp"

#include "base/letter_case.hpp"
#include "source/printable.hpp"
#include "source/ref_name.hpp"
#include "source/semver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view branches = "refs/heads/";
constexpr std::string_view tags = "refs/tags/";
constexpr std::string_view peeled = "^{}";

enum class ReferenceKind : std::uint8_t { commit, name, tag, semver, branch };

ReferenceKind kind_of(const GitReference& reference) {
  if (!reference.commit.empty()) return ReferenceKind::commit;
  if (!reference.name.empty()) return ReferenceKind::name;
  if (!reference.tag.empty()) return ReferenceKind::tag;
  if (!reference.semver.empty()) return ReferenceKind::semver;
  return ReferenceKind::branch;
}

Result<CommitId> commit_of(const GitReference& reference) {
  return CommitId::parse(in_lower_case(reference.commit));
}

// The ref that a name means: "refs/tags/v1^{}" is the commit of a tag, which ours lead to anyway.
std::string_view ref_of(std::string_view name) {
  if (name.starts_with(tags) && name.ends_with(peeled)) name.remove_suffix(peeled.size());
  return name;
}

// The only ref that is asked for; "" if there is not just one.
std::string single_ref(const GitReference& reference) {
  switch (kind_of(reference)) {
    case ReferenceKind::name:
      return std::string(ref_of(reference.name));
    case ReferenceKind::tag:
      return std::string(tags) + reference.tag;
    case ReferenceKind::branch:
      return std::string(branches) + reference.branch;
    case ReferenceKind::commit:
    case ReferenceKind::semver:
      break;
  }
  return {};
}

// What Flux writes before the commit, of all but a range.
std::string label_of(const GitReference& reference) {
  switch (kind_of(reference)) {
    case ReferenceKind::commit:
      return reference.name.empty() ? reference.branch : reference.name;
    case ReferenceKind::name:
      return reference.name;
    case ReferenceKind::tag:
      return reference.tag;
    case ReferenceKind::branch:
      return reference.branch;
    case ReferenceKind::semver:
      break;
  }
  return {};
}

// The newest of `refs` in the range, and those that are as new (clone.go, cloneSemVer).
std::vector<ReferenceTip> newest_in(const VersionRange& range, const RemoteRefs& refs) {
  std::vector<ReferenceTip> newest;
  std::optional<SemanticVersion> best;
  for (const auto& [name, ref] : refs) {
    if (!name.starts_with(tags)) continue;
    const std::string tag = name.substr(tags.size());
    Result<SemanticVersion> version = SemanticVersion::parse_tag(tag);
    if (!version || !range.contains(*version)) continue;
    const std::weak_ordering order = best ? compare(*version, *best) : std::weak_ordering::greater;
    if (order < 0) continue;
    if (order > 0) newest.clear();
    newest.push_back({.label = tag, .commit = ref.commit, .tag = ref.tag});
    best = std::move(*version);
  }
  return newest;
}

std::unexpected<Error> no_reference(std::string_view field, std::string_view value,
                                    std::string_view reason) {
  return fail(ErrorKind::invalid,
              fmt::format("ref.{} is \"{}\": {}", field, printable(value, 80), reason));
}

}  // namespace

Result<void> check_reference(const GitReference& reference) {
  switch (kind_of(reference)) {
    case ReferenceKind::commit:
      if (commit_of(reference)) return {};
      return no_reference("commit", reference.commit, "expected the 40 digits of a commit");
    case ReferenceKind::name:
      if (reference.name == "HEAD" || is_ref_name(ref_of(reference.name))) return {};
      return no_reference("name", reference.name,
                          "expected the full name of a ref, such as refs/pull/1/head");
    case ReferenceKind::tag:
      if (is_ref_name(std::string(tags) + reference.tag)) return {};
      return no_reference("tag", reference.tag, "this is no name of a tag");
    case ReferenceKind::semver:
      if (const auto range = VersionRange::parse(reference.semver); !range) {
        return std::unexpected(with_context("ref.semver", range.error()));
      }
      return {};
    case ReferenceKind::branch:
      if (is_branch_name(reference.branch)) return {};
      return no_reference("branch", reference.branch, "this is no name of a branch");
  }
  return {};
}

bool is_branch(const GitReference& reference) {
  return kind_of(reference) == ReferenceKind::branch;
}

std::vector<std::string> refs_to_ask(const GitReference& reference) {
  if (kind_of(reference) == ReferenceKind::semver) return {std::string(tags)};
  std::string ref = single_ref(reference);
  if (ref.empty()) return {};
  return {std::move(ref)};
}

Result<std::vector<ReferenceTip>> find_tips(const GitReference& reference, const RemoteRefs& refs) {
  switch (kind_of(reference)) {
    case ReferenceKind::commit: {
      CommitId commit = TRY(commit_of(reference));
      return std::vector<ReferenceTip>{
          {.label = label_of(reference), .commit = std::move(commit), .tag = {}}};
    }
    case ReferenceKind::semver: {
      const VersionRange range = TRY(VersionRange::parse(reference.semver));
      std::vector<ReferenceTip> newest = newest_in(range, refs);
      if (!newest.empty()) return newest;
      break;
    }
    case ReferenceKind::name:
    case ReferenceKind::tag:
    case ReferenceKind::branch: {
      const auto found = refs.find(single_ref(reference));
      if (found == refs.end()) break;
      return std::vector<ReferenceTip>{
          {.label = label_of(reference), .commit = found->second.commit, .tag = found->second.tag}};
    }
  }
  return fail(ErrorKind::invalid, "has no " + to_string(reference));
}

bool may_lead_to(const GitReference& reference, std::string_view label, const CommitId& commit) {
  switch (kind_of(reference)) {
    case ReferenceKind::semver: {
      const auto range = VersionRange::parse(reference.semver);
      const auto version = SemanticVersion::parse_tag(label);
      return range && version && range->contains(*version);
    }
    case ReferenceKind::commit:
      return commit_of(reference) == commit && label == label_of(reference);
    case ReferenceKind::name:
    case ReferenceKind::tag:
    case ReferenceKind::branch:
      break;
  }
  return label == label_of(reference);
}

std::string to_string(const GitReference& reference) {
  switch (kind_of(reference)) {
    case ReferenceKind::commit:
      return "commit " + printable(reference.commit, 80);
    case ReferenceKind::name:
      return "ref " + printable(reference.name, 200);
    case ReferenceKind::tag:
      return "tag " + printable(reference.tag, 200);
    case ReferenceKind::semver:
      return "tag in the range " + printable(reference.semver, 200);
    case ReferenceKind::branch:
      break;
  }
  return "branch " + printable(reference.branch, 200);
}

}  // namespace primocane

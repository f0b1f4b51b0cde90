// SPDX-License-Identifier: Apache-2.0
// GitReference: which commit of a repository is followed, as Flux's GitRepository says it
// (spec.ref). Source: fluxcd/pkg git/gogit/client.go (clone) and clone.go.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/remote_refs.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// Of several that are set, the first in this order counts: commit, name, tag, semver, branch. That
/// is what source-controller does; its documentation puts semver before tag.
struct GitReference {
  std::string branch;
  std::string tag;
  std::string semver;  ///< a range: the newest tag in it
  std::string name;    ///< of any ref: "refs/pull/1/head"
  std::string commit;  ///< of 40 digits; with a branch that only names it

  bool operator==(const GitReference&) const = default;
};

/// What a reference leads to at a remote.
struct ReferenceTip {
  std::string label;  ///< what Flux writes before the commit: "main", "v1.2.3"; "" for none
  CommitId commit;
  std::optional<CommitId> tag;  ///< the tag object that leads to it, if one does

  bool operator==(const ReferenceTip&) const = default;
};

/// `invalid` for one that can't be of a repository: what it should be instead.
[[nodiscard]] Result<void> check_reference(const GitReference& reference);

/// Whether it is a branch, whose history must go on where it was.
[[nodiscard]] bool is_branch(const GitReference& reference);

/// The refs that a remote is asked for, as GitRemote::refs() takes them; none where that needs no
/// question.
[[nodiscard]] std::vector<std::string> refs_to_ask(const GitReference& reference);

/// What `reference` leads to among `refs`, the answer to that. Several are versions that differ in
/// their build alone: the youngest commit counts. `invalid` if there is none.
[[nodiscard]] Result<std::vector<ReferenceTip>> find_tips(const GitReference& reference,
                                                          const RemoteRefs& refs);

/// Whether a tip with `label` may have come from `reference`.
[[nodiscard]] bool may_lead_to(const GitReference& reference, std::string_view label,
                               const CommitId& commit);

/// "branch main", "a tag in the range ^1.2": for messages.
[[nodiscard]] std::string to_string(const GitReference& reference);

}  // namespace primocane

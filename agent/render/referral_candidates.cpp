// SPDX-License-Identifier: Apache-2.0
#include "render/referral_candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace primocane {

namespace {

bool agrees(std::string_view wanted, std::string_view value) {
  return wanted.empty() || wanted == value;
}

// Whether `draft` was of the kind `target` under one of its identities.
bool was_of_kind(const Draft& draft, const VersionedKind& target) {
  const VersionedKind& kind = draft.id.kind;
  if (!agrees(target.version, kind.version) || !agrees(target.group, kind.group)) return false;
  return std::ranges::any_of(draft.previous,
                             [&](const PreviousId& id) { return agrees(target.kind, id.kind); });
}

// A role binding says itself what kind its roleRef means.
bool fits_role(const Draft& draft, const NameInUse& use) {
  if (!use.path.ends_with("roleRef/name")) return true;
  const Value* group = use.referrer.object.find("roleRef", "apiGroup");
  const Value* kind = use.referrer.object.find("roleRef", "kind");
  if (group == nullptr || group->is_null() || kind == nullptr || kind->is_null()) return true;
  return was_of_kind(draft, {.group = group->is_string() ? *group->as_string() : std::string(),
                             .version = {},
                             .kind = kind->is_string() ? *kind->as_string() : std::string()});
}

// Whether the role binding `referrer` names a service account of that namespace.
bool binds_accounts_of(const Draft& referrer, std::string_view namespace_name) {
  if (referrer.id.kind.kind != "RoleBinding") return false;
  const Value* subjects = referrer.object.find("subjects");
  if (subjects == nullptr || !subjects->as_array()) return false;
  return std::ranges::any_of(*subjects->as_array(), [&](const Value& subject) {
    return subject.text_at("kind") == "ServiceAccount" && subject.find("namespace") != nullptr &&
           subject.text_at("namespace") == namespace_name;
  });
}

// Objects with a namespace reach what is in theirs and what has none; a role binding also the
// service accounts of the namespaces that it names.
bool is_in_reach(const Draft& draft, const Draft& referrer) {
  if (is_cluster_scoped(referrer) || is_cluster_scoped(draft)) return true;
  if (effective_namespace(draft) == effective_namespace(referrer)) return true;
  return draft.id.kind.kind == "ServiceAccount" &&
         binds_accounts_of(referrer, draft.id.namespace_name);
}

// Whether the shorter list is the end of the longer one; nothing is the end of nothing only.
bool have_same_end(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return a.empty() && b.empty();
  const auto length = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return std::equal(a.end() - length, a.end(), b.end() - length);
}

enum class Without : std::uint8_t { fits_all, fits_none };

bool have_same_affixes(const Draft& a, const Draft& b, Without without) {
  const auto agree = [&](const auto& first, const auto& second) {
    if (without == Without::fits_all && (first.empty() || second.empty())) return true;
    return have_same_end(first, second);
  };
  return agree(a.prefixes, b.prefixes) && agree(a.suffixes, b.suffixes);
}

void keep_same_affixes(std::vector<const Draft*>& candidates, const Draft& referrer,
                       Without without) {
  std::erase_if(candidates, [&](const Draft* candidate) {
    return !have_same_affixes(*candidate, referrer, without);
  });
}

bool are_same(const std::vector<const Draft*>& candidates, SameEnough same) {
  const DraftId& first = candidates.front()->id;
  return std::ranges::all_of(candidates, [&](const Draft* candidate) {
    const DraftId& id = candidate->id;
    return id.name == first.name &&
           (same == SameEnough::names || id.namespace_name == first.namespace_name);
  });
}

// The namespaces in which `referrer`, which has one itself, may name objects, each once.
std::set<std::string_view> namespaces_in_reach(const Draft& referrer) {
  std::set<std::string_view> spaces{effective_namespace(referrer.id), cluster_scope};
  if (referrer.id.kind.kind != "RoleBinding") return spaces;
  const Value* subjects = referrer.object.find("subjects");
  if (subjects == nullptr || !subjects->as_array()) return spaces;
  for (const Value& subject : *subjects->as_array()) {
    const std::string_view space = subject.text_at("namespace");
    if (subject.text_at("kind") == "ServiceAccount")
      spaces.insert(space.empty() ? "default" : space);
  }
  return spaces;
}

// Whether `referrer` can name objects of that kind of namespace at all.
bool reaches_namespace(const Draft& referrer, std::string_view namespace_name) {
  return is_cluster_scoped(referrer) || effective_namespace(referrer) == namespace_name ||
         binds_accounts_of(referrer, namespace_name);
}

std::string list_of(const std::vector<const Draft*>& candidates) {
  std::string text;
  for (const Draft* candidate : candidates) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} ({})", to_string(candidate->id), to_string(candidate->origin));
  }
  return text;
}

}  // namespace

ReferralCandidates::ReferralCandidates(const std::vector<Draft>& drafts) : drafts_(drafts) {
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const std::string_view now_in = effective_namespace(drafts[i]);
    for (const PreviousId& id : drafts[i].previous) {
      std::vector<std::size_t>& known = by_name_[id.name][now_in];
      if (known.empty() || known.back() != i) known.push_back(i);
    }
    moves_.emplace(original_id(drafts[i]).namespace_name, now_in);
  }
}

std::vector<const Draft*> ReferralCandidates::with_name(const NameInUse& use) const {
  std::vector<std::size_t> found;
  const auto known = by_name_.find(use.name);
  if (known == by_name_.end()) return {};
  const auto take = [&](const auto& place) {
    if (place != known->second.end()) {
      found.insert(found.end(), place->second.begin(), place->second.end());
    }
  };
  if (is_cluster_scoped(use.referrer)) {
    for (auto place = known->second.begin(); place != known->second.end(); ++place) take(place);
  } else {
    for (const std::string_view space : namespaces_in_reach(use.referrer)) {
      take(known->second.find(space));
    }
  }
  std::ranges::sort(found);
  std::vector<const Draft*> candidates;
  for (const std::size_t index : found) {
    const Draft& draft = drafts_[index];
    const bool fits_all =
        was_of_kind(draft, use.target) && fits_role(draft, use) && is_in_reach(draft, use.referrer);
    if (fits_all) candidates.push_back(&draft);
  }
  return candidates;
}

// The namespace in the field is the one that objects were written in, or, where none in reach was
// written in it, the one that they are in now.
bool ReferralCandidates::means_original(const NameInUse& use) const {
  return std::ranges::any_of(moves_, [&](const auto& move) {
    return move.first == *use.namespace_name && reaches_namespace(use.referrer, move.second);
  });
}

Result<const Draft*> ReferralCandidates::choose(const NameInUse& use, SameEnough same) const {
  std::vector<const Draft*> candidates = with_name(use);
  if (use.namespace_name) {
    const bool is_original = means_original(use);
    std::erase_if(candidates, [&](const Draft* candidate) {
      return *use.namespace_name != (is_original ? original_id(*candidate).namespace_name
                                                 : effective_namespace(candidate->id));
    });
  }
  if (candidates.size() == 1) return candidates.front();
  keep_same_affixes(candidates, use.referrer, Without::fits_all);
  if (candidates.size() > 1) keep_same_affixes(candidates, use.referrer, Without::fits_none);
  if (candidates.empty()) return nullptr;
  if (candidates.size() == 1 || are_same(candidates, same)) return candidates.front();
  return fail(ErrorKind::invalid,
              fmt::format("\"{}\" may mean several objects: {}", use.name, list_of(candidates)));
}

}  // namespace primocane

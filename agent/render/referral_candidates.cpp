// SPDX-License-Identifier: Apache-2.0
#include "render/referral_candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

bool agrees(std::string_view wanted, std::string_view value) {
  return wanted.empty() || wanted == value;
}

// Whether `draft` was of the kind `target` under one of its identities.
bool was_of_kind(const Draft& draft, const ReferralTarget& target) {
  if (!agrees(target.version, draft.resource.version)) return false;
  return std::ranges::any_of(draft.previous, [&](const ResourceId& id) {
    return agrees(target.group, id.group) && agrees(target.kind, id.kind);
  });
}

// A role binding says itself what kind its roleRef means.
bool fits_role(const Draft& draft, const NameInUse& use) {
  if (!use.path.ends_with("roleRef/name")) return true;
  const Value* group = use.referrer.resource.object.find("roleRef", "apiGroup");
  const Value* kind = use.referrer.resource.object.find("roleRef", "kind");
  if (group == nullptr || group->is_null() || kind == nullptr || kind->is_null()) return true;
  return was_of_kind(draft, {.group = group->is_string() ? *group->as_string() : std::string(),
                             .version = {},
                             .kind = kind->is_string() ? *kind->as_string() : std::string()});
}

// Whether the role binding `referrer` names a service account of that namespace.
bool binds_accounts_of(const Resource& referrer, std::string_view namespace_name) {
  if (referrer.id.kind != "RoleBinding") return false;
  const Value* subjects = referrer.object.find("subjects");
  if (subjects == nullptr || !subjects->as_array()) return false;
  return std::ranges::any_of(*subjects->as_array(), [&](const Value& subject) {
    return subject.text_at("kind") == "ServiceAccount" && subject.find("namespace") != nullptr &&
           subject.text_at("namespace") == namespace_name;
  });
}

// Objects with a namespace reach what is in theirs and what has none; a role binding also the
// service accounts of the namespaces that it names.
bool is_in_reach(const Draft& draft, const Resource& referrer) {
  if (is_cluster_scoped(referrer) || is_cluster_scoped(draft.resource)) return true;
  if (effective_namespace(draft.resource) == effective_namespace(referrer)) return true;
  return draft.resource.id.kind == "ServiceAccount" &&
         binds_accounts_of(referrer, draft.resource.id.namespace_name);
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
  const ResourceId& first = candidates.front()->resource.id;
  return std::ranges::all_of(candidates, [&](const Draft* candidate) {
    const ResourceId& id = candidate->resource.id;
    return id.name == first.name &&
           (same == SameEnough::names || id.namespace_name == first.namespace_name);
  });
}

// Whether `referrer` can name objects of that kind of namespace at all.
bool reaches_namespace(const Resource& referrer, const std::string& namespace_name) {
  return is_cluster_scoped(referrer) || effective_namespace(referrer) == namespace_name ||
         binds_accounts_of(referrer, namespace_name);
}

std::string list_of(const std::vector<const Draft*>& candidates) {
  std::string text;
  for (const Draft* candidate : candidates) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} ({})", to_string(candidate->resource.id),
                        to_string(candidate->resource.origin));
  }
  return text;
}

}  // namespace

ReferralCandidates::ReferralCandidates(const std::vector<Draft>& drafts) : drafts_(drafts) {
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    for (const ResourceId& id : drafts[i].previous) {
      std::vector<std::size_t>& known = by_name_[id.name];
      if (known.empty() || known.back() != i) known.push_back(i);
    }
    moves_.emplace(original_id(drafts[i]).namespace_name, effective_namespace(drafts[i].resource));
  }
}

std::vector<const Draft*> ReferralCandidates::with_name(const NameInUse& use) const {
  std::vector<const Draft*> candidates;
  const auto known = by_name_.find(std::string(use.name));
  if (known == by_name_.end()) return candidates;
  for (const std::size_t index : known->second) {
    const Draft& draft = drafts_[index];
    const bool fits_all = was_of_kind(draft, use.target) && fits_role(draft, use) &&
                          is_in_reach(draft, use.referrer.resource);
    if (fits_all) candidates.push_back(&draft);
  }
  return candidates;
}

// The namespace in the field is the one that objects were written in, or, where none in reach was
// written in it, the one that they are in now.
bool ReferralCandidates::means_original(const NameInUse& use) const {
  return std::ranges::any_of(moves_, [&](const auto& move) {
    return move.first == *use.namespace_name &&
           reaches_namespace(use.referrer.resource, move.second);
  });
}

Result<const Draft*> ReferralCandidates::choose(const NameInUse& use, SameEnough same) const {
  std::vector<const Draft*> candidates = with_name(use);
  if (use.namespace_name) {
    const bool is_original = means_original(use);
    std::erase_if(candidates, [&](const Draft* candidate) {
      return *use.namespace_name != (is_original ? original_id(*candidate).namespace_name
                                                 : effective_namespace(candidate->resource));
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

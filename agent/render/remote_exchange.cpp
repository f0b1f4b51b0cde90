// SPDX-License-Identifier: Apache-2.0
#include "render/remote_exchange.hpp"

#include "document/json.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace primocane {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> role_words{"file", "base", "fileOrBase"};
constexpr std::array<std::string_view, 3> given_words{"file", "tree", "noFile"};

template <typename Enum>
std::optional<Enum> read_word(std::string_view word, const std::array<std::string_view, 3>& words) {
  const auto* const found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

std::unexpected<Error> odd_remotes() {
  return fail(ErrorKind::invalid, "the renderer's list of remote resources is odd");
}

bool is_need(const RemoteNeed& need) {
  switch (need.role) {
    case RemoteRole::file:
    case RemoteRole::file_or_base:
      return is_remote_file(need.text);
    case RemoteRole::base:
      return parse_remote_base(need.text).has_value();
  }
  return false;
}

}  // namespace

std::string name_of_file(std::string_view url) { return "url " + std::string(url); }

std::string name_of_tree(const RemoteBase& base) {
  return "git " + base.repository + "?ref=" + base.ref;
}

Value write_given_remotes(const std::vector<GivenRemote>& remotes) {
  Array list;
  for (const GivenRemote& remote : remotes) {
    list.emplace_back(Object{{"name", remote.name},
                             {"kind", given_words[static_cast<std::size_t>(remote.kind)]},
                             {"hash", remote.hash}});
  }
  return list;
}

Result<std::vector<GivenRemote>> read_given_remotes(const Value& list) {
  std::vector<GivenRemote> remotes;
  if (list.as_array() == nullptr) return odd_remotes();
  for (const Value& item : *list.as_array()) {
    const auto kind = read_word<GivenKind>(item.text_at("kind"), given_words);
    if (!kind) return odd_remotes();
    remotes.push_back({.name = std::string(item.text_at("name")),
                       .kind = *kind,
                       .hash = std::string(item.text_at("hash"))});
  }
  return remotes;
}

std::string write_remote_needs(const std::vector<RemoteNeed>& needs) {
  Array list;
  for (const RemoteNeed& need : needs) {
    list.emplace_back(
        Object{{"text", need.text}, {"role", role_words[static_cast<std::size_t>(need.role)]}});
  }
  return write_json(Object{{"needs", std::move(list)}}) + '\n';
}

Result<std::vector<RemoteNeed>> read_remote_needs(std::string_view line) {
  const Value answer = TRY(read_json(line, "answer"));
  const Value* list = answer.find("needs");
  if (list == nullptr || list->as_array() == nullptr || list->as_array()->empty()) {
    return odd_remotes();
  }
  std::vector<RemoteNeed> needs;
  for (const Value& item : *list->as_array()) {
    const auto role = read_word<RemoteRole>(item.text_at("role"), role_words);
    if (!role) return odd_remotes();
    needs.push_back({.text = std::string(item.text_at("text")), .role = *role});
    if (!is_need(needs.back())) return odd_remotes();
  }
  return needs;
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "cli/init_questions.hpp"

#include "base/base64.hpp"
#include "base/sha256.hpp"
#include "base/take_until.hpp"
#include "base/trimmed.hpp"
#include "cli/config_keys.hpp"
#include "document/yaml_writer.hpp"
#include "source/git_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view none_word = "none";
constexpr std::array<std::string_view, 4> ways_to_sign_in{none_word, "password", "token",
                                                          "certificate"};

struct TopicEntry {
  InitTopic topic;
  std::string_view option;
  std::string_view key;  ///< that the answer is the value of, or ""
  std::string_view question;
  std::string_view fallback;
};

constexpr std::array topics{
    TopicEntry{InitTopic::url, "--url", "git.url", "URL of the Git repository", ""},
    TopicEntry{InitTopic::ca_file, "--ca-file", "git.caFile",
               "File with the CA that signed the server's certificate, if it is a private one",
               none_word},
    TopicEntry{InitTopic::known_hosts, "--ssh-known-hosts", "git.authentication.sshKnownHosts",
               "File with the server's host keys, or \"scan\" to ask the server for them",
               scan_word},
    TopicEntry{InitTopic::ssh_key, "--ssh-key", "git.authentication.sshKey",
               "File with the private key (without a passphrase)", ""},
    TopicEntry{
        InitTopic::sign_in, "", "",
        "How to sign in: none, password (also an access token of GitHub, GitLab or Forgejo), "
        "token (a bearer token), certificate",
        none_word},
    TopicEntry{InitTopic::username, "--username", "git.authentication.username", "User name",
               "git"},
    TopicEntry{InitTopic::password_file, "--password-file", "git.authentication.passwordFile",
               "File with the password or access token, or \"type\" to type it", type_word},
    TopicEntry{InitTopic::password, "", "", "Password or access token (it is not shown)", ""},
    TopicEntry{InitTopic::token_file, "--token-file", "git.authentication.tokenFile",
               "File with the bearer token, or \"type\" to type it", type_word},
    TopicEntry{InitTopic::token, "", "", "Bearer token (it is not shown)", ""},
    TopicEntry{InitTopic::client_certificate, "", "git.authentication.clientCertificate",
               "File with the client certificate (PEM)", ""},
    TopicEntry{InitTopic::client_key, "", "git.authentication.clientKey", "File with its key (PEM)",
               ""},
    TopicEntry{InitTopic::branch, "--branch", "git.branch", "Branch", "main"},
    TopicEntry{InitTopic::path, "--path", "git.path", "Folder in the repository", "."},
    TopicEntry{InitTopic::kubeconfig, "--kubeconfig", "cluster.kubeconfig", "Kubeconfig",
               "/etc/rancher/k3s/k3s.yaml"},
    TopicEntry{InitTopic::age_key_file, "--age-key-file", "decryption.ageKeyFile",
               "File with the age identities that decrypt what SOPS encrypted", none_word},
};

const TopicEntry& entry_of(InitTopic topic) { return topics.at(static_cast<std::size_t>(topic)); }

bool is_secret(InitTopic topic) {
  return topic == InitTopic::password || topic == InitTopic::token;
}

std::string_view answer_to(InitTopic topic, const InitAnswers& answers) {
  const auto found = answers.find(topic);
  return found == answers.end() ? std::string_view() : found->second;
}

bool is_for_ssh(const InitAnswers& answers) {
  const Result<GitUrl> url = GitUrl::parse(answer_to(InitTopic::url, answers));
  return url && url->scheme() == GitScheme::ssh;
}

// Where what was typed or scanned is kept.
std::string secret_path(InitTopic topic, const std::string& folder) {
  if (topic == InitTopic::known_hosts) return folder + "/known_hosts";
  return folder + (topic == InitTopic::password_file ? "/git-password" : "/git-token");
}

Result<std::string> read_way_to_sign_in(std::string_view line) {
  for (const std::string_view way : ways_to_sign_in) {
    if (way.starts_with(line)) return std::string(way);
  }
  return fail(ErrorKind::invalid, fmt::format("is one of {}", fmt::join(ways_to_sign_in, ", ")));
}

const ConfigKey& key_of(std::string_view path) {
  return *std::ranges::find(config_keys(), path, &ConfigKey::path);
}

}  // namespace

bool is_file(InitTopic topic) {
  switch (topic) {
    case InitTopic::ca_file:
    case InitTopic::known_hosts:
    case InitTopic::ssh_key:
    case InitTopic::password_file:
    case InitTopic::token_file:
    case InitTopic::client_certificate:
    case InitTopic::client_key:
    case InitTopic::kubeconfig:
    case InitTopic::age_key_file:
      return true;
    case InitTopic::url:
    case InitTopic::sign_in:
    case InitTopic::username:
    case InitTopic::password:
    case InitTopic::token:
    case InitTopic::branch:
    case InitTopic::path:
      return false;
  }
  return false;
}

std::string_view option_of(InitTopic topic) { return entry_of(topic).option; }

bool is_asked(InitTopic topic, const InitAnswers& answers) {
  const bool is_ssh = is_for_ssh(answers);
  const std::string_view way = answer_to(InitTopic::sign_in, answers);
  switch (topic) {
    case InitTopic::url:
    case InitTopic::branch:
    case InitTopic::path:
    case InitTopic::kubeconfig:
      return true;
    case InitTopic::known_hosts:
    case InitTopic::ssh_key:
      return is_ssh;
    case InitTopic::ca_file:
    case InitTopic::sign_in:
      return !is_ssh;
    case InitTopic::username:
    case InitTopic::password_file:
      return !is_ssh && way == "password";
    case InitTopic::password:
      return !is_ssh && way == "password" &&
             answer_to(InitTopic::password_file, answers) == type_word;
    case InitTopic::token_file:
      return !is_ssh && way == "token";
    case InitTopic::token:
      return !is_ssh && way == "token" && answer_to(InitTopic::token_file, answers) == type_word;
    case InitTopic::client_certificate:
    case InitTopic::client_key:
      return !is_ssh && way == "certificate";
    case InitTopic::age_key_file:
      return answers.contains(topic);
  }
  return false;
}

std::optional<InitTopic> next_topic(const InitAnswers& answers) {
  for (const TopicEntry& entry : topics) {
    if (is_asked(entry.topic, answers) && !answers.contains(entry.topic)) return entry.topic;
  }
  return std::nullopt;
}

InitQuestion question_about(InitTopic topic, const InitAnswers& earlier,
                            const std::string& folder) {
  const TopicEntry& entry = entry_of(topic);
  InitQuestion question{.text = std::string(entry.question),
                        .fallback = std::string(entry.fallback),
                        .echo = is_secret(topic) ? Echo::no : Echo::yes};
  if (topic == InitTopic::ssh_key) question.fallback = folder + "/ssh_key";
  const std::string_view before = answer_to(topic, earlier);
  if (!before.empty() && !is_secret(topic)) question.fallback = before;
  return question;
}

Result<std::string> read_answer(InitTopic topic, std::string_view line) {
  std::string text(trimmed(line));
  if (text.empty()) return fail(ErrorKind::invalid, "is needed");
  const TopicEntry& entry = entry_of(topic);
  if (topic == InitTopic::sign_in) return read_way_to_sign_in(text);
  const bool is_word = is_file(topic) && !entry.fallback.empty() && text == entry.fallback;
  if (entry.key.empty() || is_word) return text;
  if (is_file(topic) && text.front() != '/') {
    return fail(ErrorKind::invalid, "must be a path that begins with /");
  }
  Config config;
  const ConfigKey& key = key_of(entry.key);
  TRY(key.take(config, text, {}));
  return *key.give(config).as_string();
}

Result<InitAnswers> complete_options(InitAnswers options) {
  for (auto& [topic, value] : options) {
    Result<std::string> answer = read_answer(topic, value);
    if (!answer) return std::unexpected(with_context(option_of(topic), answer.error()));
    value = std::move(*answer);
  }
  const bool has_token = options.contains(InitTopic::token_file);
  const bool has_password =
      options.contains(InitTopic::username) || options.contains(InitTopic::password_file);
  if (has_token && has_password) {
    return fail(ErrorKind::invalid, "--token-file and --password-file exclude each other");
  }
  if (has_token) options[InitTopic::sign_in] = "token";
  if (has_password) options[InitTopic::sign_in] = "password";
  return options;
}

InitDraft make_draft(const InitAnswers& answers, const std::string& host_keys,
                     const std::string& folder) {
  InitDraft draft;
  for (const auto& [topic, answer] : answers) {
    const TopicEntry& entry = entry_of(topic);
    if (entry.key.empty() || answer == none_word || !is_asked(topic, answers)) continue;
    const bool is_ours = is_file(topic) && (answer == type_word || answer == scan_word);
    const ConfigKey& key = key_of(entry.key);
    ignore(key.take(draft.file.config, is_ours ? secret_path(topic, folder) : answer, {}),
           "read_answer() has taken it before");
    draft.file.given.emplace(entry.key, 0);
  }
  const auto keep = [&](InitTopic topic, std::string_view content) {
    if (content.empty()) return;
    draft.secrets.push_back({secret_path(topic, folder), fmt::format("{}\n", trimmed(content))});
  };
  if (is_asked(InitTopic::known_hosts, answers)) keep(InitTopic::known_hosts, host_keys);
  if (is_asked(InitTopic::password, answers)) {
    keep(InitTopic::password_file, answer_to(InitTopic::password, answers));
  }
  if (is_asked(InitTopic::token, answers)) {
    keep(InitTopic::token_file, answer_to(InitTopic::token, answers));
  }
  return draft;
}

std::string write_init_file(const InitDraft& draft, const std::string& path) {
  return fmt::format(
      "# Written by primocane init. docs/configuration.md explains each key, and those that are "
      "not here.\n# After a change: primocane check-config says whether it is right, primocane "
      "plan "
      "what it would do.\n# This file: {}\n{}",
      path, write_yaml(write_given(draft.file)));
}

std::vector<std::string> fingerprints(std::string_view known_hosts) {
  std::vector<std::string> shown;
  while (!known_hosts.empty()) {
    const std::string_view line = take_until(known_hosts, '\n');
    const std::size_t type = line.find(' ');
    const std::size_t blob = type == std::string_view::npos ? type : line.find(' ', type + 1);
    if (line.starts_with('#') || blob == std::string_view::npos) continue;
    const Result<std::string> key = from_base64(line.substr(blob + 1));
    if (!key) continue;
    const Sha256 hash = sha256(*key);
    std::string text = to_base64(std::string(hash.begin(), hash.end()));
    text.erase(text.find_last_not_of('=') + 1);
    shown.push_back(fmt::format("{} SHA256:{}", line.substr(type + 1, blob - type - 1), text));
  }
  return shown;
}

}  // namespace primocane

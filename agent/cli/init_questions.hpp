// SPDX-License-Identifier: Apache-2.0
// What `primocane init` asks, as values: which question is next, which answer will do, and what the
// answers make of the configuration.
#pragma once

#include "base/error.hpp"
#include "cli/config.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What a question is about, in the order of the questions.
enum class InitTopic : std::uint8_t {
  url,
  ca_file,
  known_hosts,
  ssh_key,
  sign_in,
  username,
  password_file,
  password,
  token_file,
  token,
  client_certificate,
  client_key,
  branch,
  path,
  kubeconfig,
  age_key_file,  ///< only where the option names one
};

using InitAnswers = std::map<InitTopic, std::string>;

/// Whether what is typed can be seen.
enum class Echo : std::uint8_t { yes, no };

struct InitQuestion {
  std::string text;
  std::string fallback;  ///< what an empty line means; "" where one is needed
  Echo echo = Echo::yes;
};

/// A file beside the configuration that holds what was typed, or the confirmed host keys.
struct SecretFile {
  std::string path;
  std::string content;

  bool operator==(const SecretFile&) const = default;
};

/// What the answers amount to.
struct InitDraft {
  ConfigFile file;
  std::vector<SecretFile> secrets;
};

/// The answer that means the file of typed secrets, and the one that means the server's host keys.
inline constexpr std::string_view type_word = "type";
inline constexpr std::string_view scan_word = "scan";

/// The name of the option that answers a question ("--branch"), or "" where none does.
[[nodiscard]] std::string_view option_of(InitTopic topic);

/// Whether the answer is the path of a file.
[[nodiscard]] bool is_file(InitTopic topic);

/// The next topic without an answer; none once all have one.
[[nodiscard]] std::optional<InitTopic> next_topic(const InitAnswers& answers);

/// Whether `topic` is asked with the URL and the way to sign in that `answers` hold.
[[nodiscard]] bool is_asked(InitTopic topic, const InitAnswers& answers);

/// `earlier` are answers that are to be given anew, and serve as what an empty line means.
/// Secrets go into `folder`.
[[nodiscard]] InitQuestion question_about(InitTopic topic, const InitAnswers& earlier,
                                          const std::string& folder);

/// The answer behind `line`, or what is wrong with it in words that follow the question.
[[nodiscard]] Result<std::string> read_answer(InitTopic topic, std::string_view line);

/// What options say before anything is asked: a way to sign in follows from its files. `invalid`
/// if one will not do as an answer, or they contradict each other.
[[nodiscard]] Result<InitAnswers> complete_options(InitAnswers options);

/// The configuration of complete or incomplete answers; `host_keys` is the text of those that were
/// confirmed, or "".
[[nodiscard]] InitDraft make_draft(const InitAnswers& answers, const std::string& host_keys,
                                   const std::string& folder);

/// The text of the configuration file `path`.
[[nodiscard]] std::string write_init_file(const InitDraft& draft, const std::string& path);

/// The keys in a known_hosts file as ssh shows them: "ssh-ed25519 SHA256:...".
[[nodiscard]] std::vector<std::string> fingerprints(std::string_view known_hosts);

}  // namespace primocane

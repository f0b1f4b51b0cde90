// SPDX-License-Identifier: Apache-2.0
// The conversation of `primocane init`: asks, tests each answer at once, and asks again what was
// wrong. Terminal and tests are interfaces, so that it runs without either.
#pragma once

#include "cli/init_questions.hpp"
#include "source/git_url.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The person.
class InitTerminal {
 public:
  virtual ~InitTerminal() = default;
  /// The line that was typed. `cancelled` when the person leaves (end of input, ^C).
  virtual Result<std::string> ask(const InitQuestion& question) = 0;
  /// Shows `text` on lines of its own.
  virtual void tell(std::string_view text) = 0;
};

/// Tests of answers, each of what the draft says so far. What they return is for people. Errors:
/// `cancelled` when the person leaves meanwhile; all others say what is wrong.
class InitChecks {
 public:
  virtual ~InitChecks() = default;
  /// Whether the server shows the repository to whoever signs in so; `denied` if not to them.
  virtual Result<std::string> server(const InitDraft& draft) = 0;
  /// Whether the branch is there; which commit it is at.
  virtual Result<std::string> branch(const InitDraft& draft) = 0;
  /// Whether the folder renders; to what.
  virtual Result<std::string> folder(const InitDraft& draft) = 0;
  /// Whether a file of this machine can be used for its purpose; "" if there is nothing to say.
  virtual Result<std::string> file(InitTopic topic, const std::string& path) = 0;
  /// The server's host keys as a known_hosts file has them.
  virtual Result<std::string> host_keys(const GitUrl& url) = 0;
};

enum class Asking : std::uint8_t {
  yes,
  no,  ///< what the options leave open has its default, and what is wrong ends it
};

enum class Network : std::uint8_t {
  yes,
  no,  ///< only this machine is looked at
};

struct InitSetup {
  InitAnswers options;             ///< completed: complete_options()
  std::string credentials_folder;  ///< absolute
  Asking asking = Asking::yes;
  Network network = Network::yes;
};

/// What keeps `setup` from going without a question: the option that is missing, if one is.
[[nodiscard]] std::optional<std::string_view> missing_option(const InitSetup& setup);

/// Asks until every answer is given. `cancelled` when the person leaves; with Asking::no what is
/// wrong. `terminal` and `checks` are borrowed.
[[nodiscard]] Result<InitDraft> converse(InitSetup setup, InitTerminal& terminal,
                                         InitChecks& checks);

/// Whether the person says yes. An empty line means `fallback` ("yes" or "no").
[[nodiscard]] Result<bool> is_confirmed(InitTerminal& terminal, std::string text,
                                        std::string_view fallback);

}  // namespace primocane

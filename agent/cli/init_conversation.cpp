// SPDX-License-Identifier: Apache-2.0
#include "cli/init_conversation.hpp"

#include "base/trimmed.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace primocane {

namespace {

// An answer that stands for something only a person can give.
bool needs_person(InitTopic topic, std::string_view fallback) {
  return fallback.empty() || fallback == scan_word || fallback == type_word ||
         topic == InitTopic::password || topic == InitTopic::token;
}

class Conversation {
 public:
  Conversation(InitSetup setup, InitTerminal& terminal, InitChecks& checks)
      : setup_(std::move(setup)), terminal_(terminal), checks_(checks) {}

  Result<InitDraft> run() {
    if (setup_.network == Network::no) {
      terminal_.tell("Neither the server nor the repository is asked (--offline).");
    }
    // First, because the folder is rendered with it.
    const bool has_keys = setup_.options.contains(InitTopic::age_key_file);
    while (has_keys && !answers_.contains(InitTopic::age_key_file)) {
      TRY(answer(InitTopic::age_key_file));
    }
    while (const std::optional<InitTopic> topic = next_topic(answers_)) TRY(answer(*topic));
    return draft();
  }

 private:
  Result<void> answer(InitTopic topic) {
    const InitQuestion question = question_about(topic, earlier_, setup_.credentials_folder);
    const std::string line = TRY(line_for(topic, question));
    Result<std::string> taken = read_answer(topic, line);
    if (!taken) return wrong(topic, topic, std::move(taken).error());
    answers_[topic] = std::move(*taken);
    return test(topic);
  }

  Result<std::string> line_for(InitTopic topic, const InitQuestion& question) {
    if (const auto option = setup_.options.extract(topic)) return option.mapped();
    if (setup_.asking == Asking::no) return question.fallback;
    std::string line = TRY(terminal_.ask(question));
    if (trimmed(line).empty()) line = question.fallback;
    return line;
  }

  // What can be tested now that `topic` has an answer.
  Result<void> test(InitTopic topic) {
    const std::string given = answers_.at(topic);
    if (topic == InitTopic::url) {
      TRY(require_fitting_options());
      for (const std::string& warning : config_warnings(draft().file.config)) {
        terminal_.tell("  warning: " + warning);
      }
    }
    if (given == scan_word && topic == InitTopic::known_hosts) return scan();
    if (is_file(topic) && given.starts_with('/')) {
      const Result<std::string> said = checks_.file(topic, given);
      if (!said) return wrong(topic, topic, said.error());
      if (!said->empty()) terminal_.tell("  " + *said);
    }
    if (setup_.network == Network::no || is_out_of_reach_) return {};
    if (topic == InitTopic::ca_file) return test_without_credentials();
    const bool is_last_credential =
        topic < InitTopic::branch && next_topic(answers_) == InitTopic::branch;
    if (is_last_credential) return test_server();
    if (!is_reached_) return {};
    if (topic == InitTopic::branch) return judge(topic, topic, checks_.branch(draft()));
    if (topic == InitTopic::path) return judge(topic, topic, checks_.folder(draft()));
    return {};
  }

  Result<void> require_fitting_options() const {
    InitAnswers all = setup_.options;
    all[InitTopic::url] = answers_.at(InitTopic::url);
    for (const auto& [topic, value] : setup_.options) {
      const bool is_left_open = topic == InitTopic::sign_in || is_asked(topic, all);
      if (!is_left_open) {
        return fail(ErrorKind::invalid, fmt::format("{} does not go with the URL {}",
                                                    option_of(topic), all[InitTopic::url]));
      }
    }
    return {};
  }

  // The first contact: whether there is a server, and whether it wants to know who asks.
  Result<void> test_without_credentials() {
    if (setup_.options.contains(InitTopic::sign_in)) return {};
    const Result<std::string> said = checks_.server(draft());
    if (said) {
      is_public_ = true;
      terminal_.tell("  the server shows the repository to everybody");
      return {};
    }
    if (said.error().kind != ErrorKind::denied || setup_.asking == Asking::no) {
      return server_is_wrong(InitTopic::url, said.error());
    }
    terminal_.tell("  without signing in: " + said.error().message);
    earlier_.emplace(InitTopic::sign_in, "password");
    return {};
  }

  Result<void> test_server() {
    const auto way = answers_.find(InitTopic::sign_in);
    const bool is_tested = is_public_ && way != answers_.end() && way->second == "none";
    is_reached_ = is_tested;
    if (is_tested) return {};
    const Result<std::string> said = checks_.server(draft());
    if (said) {
      is_reached_ = true;
      terminal_.tell("  " + *said);
      return {};
    }
    InitTopic from = InitTopic::url;
    if (said.error().kind == ErrorKind::denied) {
      // Keys that the server has just shown are not what is wrong.
      const InitTopic for_ssh = host_keys_.empty() ? InitTopic::known_hosts : InitTopic::ssh_key;
      from = way == answers_.end() ? for_ssh : InitTopic::sign_in;
    }
    return server_is_wrong(from, said.error());
  }

  Result<void> server_is_wrong(InitTopic from, const Error& error) {
    TRY(wrong(InitTopic::client_key, from, error));
    is_out_of_reach_ = answers_.contains(from);  // and is kept
    return {};
  }

  Result<void> scan() {
    const GitUrl url = TRY(GitUrl::parse(answers_.at(InitTopic::url)));
    Result<std::string> keys =
        setup_.network == Network::yes
            ? checks_.host_keys(url)
            : fail(ErrorKind::invalid, "this needs the network: name a file");
    if (!keys) {
      // Without keys there is nothing to keep.
      answers_.erase(InitTopic::known_hosts);
      return wrong(InitTopic::known_hosts, InitTopic::known_hosts, keys.error());
    }
    terminal_.tell(fmt::format("  {} shows these keys:", url.host()));
    for (const std::string& key : fingerprints(*keys)) terminal_.tell("    " + key);
    const bool are_right =
        TRY(is_confirmed(terminal_, "Are they those that its operator publishes?", "no"));
    if (are_right) {
      host_keys_ = std::move(*keys);
    } else {
      forget(InitTopic::known_hosts, InitTopic::known_hosts);
    }
    return {};
  }

  Result<void> judge(InitTopic topic, InitTopic from, const Result<std::string>& said) {
    if (!said) return wrong(topic, from, said.error());
    terminal_.tell("  " + *said);
    return {};
  }

  // Says what is wrong. The answers of `from` to `last` are asked for again, unless the person
  // knows better.
  Result<void> wrong(InitTopic last, InitTopic from, const Error& error) {
    const bool was_read = answers_.contains(from);
    const std::string_view option = option_of(from);
    if (error.kind == ErrorKind::cancelled) return std::unexpected(error);
    if (setup_.asking == Asking::no) {
      return was_read || option.empty() ? std::unexpected(error)
                                        : std::unexpected(with_context(option, error));
    }
    terminal_.tell("  wrong: " + error.message);
    if (was_read && TRY(is_confirmed(terminal_, "Keep it nevertheless?", "no"))) return {};
    forget(from, last);
    return {};
  }

  void forget(InitTopic from, InitTopic last) {
    for (auto answer = answers_.begin(); answer != answers_.end();) {
      const bool is_meant = answer->first >= from && answer->first <= last;
      if (is_meant) earlier_[answer->first] = answer->second;
      answer = is_meant ? answers_.erase(answer) : std::next(answer);
    }
    if (from <= InitTopic::known_hosts) host_keys_.clear();
    if (from == InitTopic::url) is_public_ = false;
  }

  [[nodiscard]] InitDraft draft() const {
    return make_draft(answers_, host_keys_, setup_.credentials_folder);
  }

  InitSetup setup_;
  InitTerminal& terminal_;
  InitChecks& checks_;
  InitAnswers answers_;
  InitAnswers earlier_;  // given, and to be given anew
  std::string host_keys_;
  bool is_public_ = false;        // the repository is shown to whoever asks
  bool is_reached_ = false;       // it is shown to us
  bool is_out_of_reach_ = false;  // it is not, and the person keeps what leads there
};

}  // namespace

std::optional<std::string_view> missing_option(const InitSetup& setup) {
  InitAnswers answers = setup.options;
  answers.try_emplace(InitTopic::sign_in, "none");
  while (const std::optional<InitTopic> topic = next_topic(answers)) {
    const InitQuestion question = question_about(*topic, {}, setup.credentials_folder);
    if (needs_person(*topic, question.fallback)) return option_of(*topic);
    answers[*topic] = question.fallback;
  }
  return std::nullopt;
}

Result<InitDraft> converse(InitSetup setup, InitTerminal& terminal, InitChecks& checks) {
  return Conversation(std::move(setup), terminal, checks).run();
}

Result<bool> is_confirmed(InitTerminal& terminal, std::string text, std::string_view fallback) {
  const InitQuestion question{.text = std::move(text) + " (yes or no)",
                              .fallback = std::string(fallback)};
  while (true) {
    const std::string line = TRY(terminal.ask(question));
    const std::string_view word = trimmed(line).empty() ? fallback : trimmed(line);
    if (word == "yes" || word == "y") return true;
    if (word == "no" || word == "n") return false;
  }
}

}  // namespace primocane

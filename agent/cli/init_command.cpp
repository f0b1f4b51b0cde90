// SPDX-License-Identifier: Apache-2.0
// primocane init: writes a configuration by asking.
#include "base/durable_file.hpp"
#include "base/os_error.hpp"
#include "cli/commands.hpp"
#include "cli/init_checks.hpp"
#include "cli/init_conversation.hpp"
#include "cli/init_session.hpp"
#include "cli/load_config.hpp"
#include "document/plain_text.hpp"
#include "host/private_memory.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

constexpr unsigned private_mode = 0600;
constexpr ByteCount config_max(1024 * 1024);

// What is typed is not shown until this goes.
class HiddenTyping {
 public:
  HiddenTyping() : is_changed_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_changed_ = is_changed_ && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;
  ~HiddenTyping() {
    if (is_changed_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }

  [[nodiscard]] bool is_hidden() const { return is_changed_; }

 private:
  termios before_{};
  bool is_changed_ = false;
};

void show(std::string_view text) {
  // A terminal that is gone ends the conversation by the next read.
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// The terminal that standard input is, in canonical mode: one read is one line.
class ConsoleTerminal final : public InitTerminal {
 public:
  explicit ConsoleTerminal(InitSession& session) : session_(session) {}

  Result<std::string> ask(const InitQuestion& question) override {
    std::optional<HiddenTyping> hidden;
    if (question.echo == Echo::no) {
      hidden.emplace();
      if (!hidden->is_hidden()) {
        return fail(ErrorKind::denied, "the terminal would show what is typed; use a file");
      }
    }
    const std::string fallback =
        question.fallback.empty() ? "" : fmt::format(" [{}]", question.fallback);
    show(plain_text(question.text + fallback) + ": ");
    Result<std::string> line = read_line();
    if (hidden || !line) show("\n");
    return line;
  }

  void tell(std::string_view text) override { show(plain_text(text) + "\n"); }

 private:
  Result<std::string> read_line() {
    TRY(session_.wait_readable(STDIN_FILENO));
    std::array<char, 4096> bytes{};
    const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count <= 0) return fail(ErrorKind::cancelled, "the input has ended");
    return std::string(bytes.data(), static_cast<std::size_t>(count));
  }

  InitSession& session_;
};

// For --yes: nobody is asked.
class SilentTerminal final : public InitTerminal {
 public:
  Result<std::string> ask(const InitQuestion& /*question*/) override {
    return fail(ErrorKind::cancelled, "nobody is asked with --yes");
  }
  void tell(std::string_view text) override { show(plain_text(text) + "\n"); }
};

struct Place {
  std::string config_file;  ///< absolute
  std::string folder;
  std::string credentials;
};

std::string absolute(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::absolute(path, ignored).string();
}

Place place_of(const GlobalOptions& options) {
  const std::string file = absolute(options.config_file);
  const std::string folder = std::filesystem::path(file).parent_path().string();
  return {.config_file = file, .folder = folder, .credentials = folder + "/credentials"};
}

// Relative names of files are seen from where the person is, not from the configuration.
InitAnswers given_answers(InitAnswers answers) {
  for (auto& [topic, answer] : answers) {
    if (is_file(topic)) answer = absolute(answer);
  }
  return answers;
}

Answer misused(std::string_view message) {
  return {.exit_code = ExitCode::usage,
          .out = {},
          .err = fmt::format("primocane init: {}\nTry 'primocane init --help'.\n", message)};
}

// What stands where the configuration is to be written; "" if that is nothing.
Result<std::string> former_config(const Place& place, const InitCommand& command) {
  const std::optional<std::string> text = TRY(read_if_there(place.config_file, config_max));
  if (!text || says_nothing(*text)) return std::string();
  if (command.force) return *text;
  return fail(ErrorKind::conflict,
              fmt::format("{0} is there already and is left as it is; with --force a new one is "
                          "written, and the old one kept as {0}.bak",
                          place.config_file));
}

// Said before the first question: the answers would be in vain.
Result<void> require_writable(const Place& place) {
  std::error_code ignored;
  std::filesystem::path folder = place.folder;
  while (!std::filesystem::exists(folder, ignored) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  if (::access(folder.c_str(), W_OK) == 0) return {};
  Error error = os_error(folder.string(), errno);
  if (::geteuid() != 0) error.message += "; run it as root: sudo primocane init";
  return std::unexpected(std::move(error));
}

Result<void> make_credentials_folder(const Place& place) {
  if (::mkdir(place.credentials.c_str(), S_IRWXU) == 0 || errno == EEXIST) return {};
  return std::unexpected(os_error(place.credentials, errno));
}

// Writes all of it. The configuration comes last: what it names is there when the agent reads it.
Result<void> write_all(const Place& place, const InitDraft& draft, const std::string& former) {
  std::error_code error;
  std::filesystem::create_directories(place.folder, error);
  if (error) return std::unexpected(os_error(place.folder, error.value()));
  if (!draft.secrets.empty()) TRY(make_credentials_folder(place));
  for (const SecretFile& secret : draft.secrets) {
    TRY(replace_file(secret.path, secret.content, Durability::synced, private_mode));
  }
  if (!former.empty()) {
    TRY(replace_file(place.config_file + ".bak", former, Durability::synced, private_mode));
  }
  return replace_file(place.config_file, write_init_file(draft, place.config_file),
                      Durability::synced, private_mode);
}

std::string next_steps(const Place& place, const InitDraft& draft, const std::string& former) {
  std::string text = fmt::format("Written: {}\n", place.config_file);
  for (const SecretFile& secret : draft.secrets) text += fmt::format("         {}\n", secret.path);
  if (!former.empty()) text += fmt::format("The old one is {}.bak\n", place.config_file);
  return text +
         "\nAn agent that waits for its configuration notices by itself.\n"
         "  primocane plan       what would change in the cluster\n"
         "  primocane status     what the agent did, and how it is\n";
}

Result<InitDraft> converse_and_confirm(InitSession& session, InitSetup setup, const Place& place,
                                       Asking asking) {
  RealChecks checks(session);
  if (asking == Asking::no) {
    SilentTerminal terminal;
    return converse(std::move(setup), terminal, checks);
  }
  ConsoleTerminal terminal(session);
  terminal.tell(
      "An empty line means what stands in brackets. Nothing is written before the end; ^C leaves.");
  InitDraft draft = TRY(converse(std::move(setup), terminal, checks));
  terminal.tell("\n" + write_init_file(draft, place.config_file));
  const bool is_wanted = TRY(is_confirmed(
      terminal, "Write it? An agent that waits for it begins to apply at once.", "yes"));
  if (!is_wanted) return fail(ErrorKind::cancelled, "not wanted");
  return draft;
}

Answer failed_or_left(const Error& error) {
  if (error.kind != ErrorKind::cancelled) return failed(ExitCode::failed, error);
  return {.exit_code = ExitCode::failed, .out = {}, .err = "primocane: nothing was written\n"};
}

}  // namespace

Answer run_init(const GlobalOptions& options, const InitCommand& command) {
  const Place place = place_of(options);
  const Asking asking = command.yes ? Asking::no : Asking::yes;
  Result<InitAnswers> answers = complete_options(given_answers(command.answers));
  if (!answers) return misused(answers.error().message);
  InitSetup setup{.options = std::move(*answers),
                  .credentials_folder = place.credentials,
                  .asking = asking,
                  .network = command.offline ? Network::no : Network::yes};
  const std::optional<std::string_view> missing = missing_option(setup);
  const bool has_terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  if (missing && asking == Asking::no) return misused(fmt::format("--yes needs {}", *missing));
  if (asking == Asking::yes && !has_terminal) {
    return misused(
        fmt::format("there is no terminal to ask at: give the answers as options, with "
                    "--yes{}",
                    missing ? fmt::format(" ({} is missing)", *missing) : ""));
  }
  const Result<std::string> former = former_config(place, command);
  if (!former) return failed_or_left(former.error());
  if (const Result<void> writable = require_writable(place); !writable) {
    return failed_or_left(writable.error());
  }
  keep_memory_private();
  Result<std::unique_ptr<InitSession>> session = InitSession::start();
  if (!session) return failed_or_left(session.error());
  const Result<InitDraft> draft = converse_and_confirm(**session, std::move(setup), place, asking);
  if (!draft) return failed_or_left(draft.error());
  const Result<void> written = write_all(place, *draft, *former);
  if (!written) return failed_or_left(written.error());
  return {.out = next_steps(place, *draft, *former)};
}

}  // namespace primocane

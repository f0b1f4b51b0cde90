// SPDX-License-Identifier: Apache-2.0
// The program: first the child in the box, else a command.
#include "base/os_error.hpp"
#include "cli/commands.hpp"
#include "document/plain_text.hpp"
#include "host/boxed_main.hpp"
#include "host/signal_watch.hpp"
#include "render/render_work.hpp"
#include "source/artifact_work.hpp"
#include "source/pack_index_work.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <nss.h>
#include <optional>
#include <span>
#include <string>
#include <sys/stat.h>
#include <variant>
#include <vector>

namespace {

using namespace primocane;

// A static program must never load what /etc/nsswitch.conf names (mdns, resolve, myhostname): those
// libraries belong to another C library. Names come from /etc/hosts and DNS alone.
void use_built_in_name_services() {
  __nss_configure_lookup("hosts", "files dns");
  __nss_configure_lookup("passwd", "files");
  __nss_configure_lookup("group", "files");
  __nss_configure_lookup("initgroups", "files");
  __nss_configure_lookup("services", "files");
  __nss_configure_lookup("protocols", "files");
}

constexpr WallTime released_at{
    std::chrono::sys_days(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(
        std::chrono::sys_seconds(std::chrono::seconds(PRIMOCANE_RELEASED)))))};

int run_boxed_work(BoxedWork work) {
  switch (work) {
    case BoxedWork::render:
      return run_render_work();
    case BoxedWork::index:
      return run_pack_index_work();
    case BoxedWork::unpack:
      return run_artifact_work();
  }
  return EXIT_FAILURE;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// $XDG_CACHE_HOME (basedir-spec): only absolute paths count.
std::string cache_folder() {
  const std::string named = variable("XDG_CACHE_HOME");
  if (named.starts_with('/')) return named + "/primocane";
  const std::string home = variable("HOME");
  return home.empty() ? std::string() : home + "/.cache/primocane";
}

// As curl and git read it.
std::string https_proxy() {
  const std::string proxy = variable("https_proxy");
  return proxy.empty() ? variable("HTTPS_PROXY") : proxy;
}

struct RunCommand {
  const GlobalOptions& options;
  const Environment& environment;

  Answer operator()(const AgentCommand&) const { return run_agent(options, environment); }
  Answer operator()(const StatusCommand&) const { return run_status(options); }
  Answer operator()(const GetCommand&) const { return run_get(options); }
  Answer operator()(const TreeCommand&) const { return run_tree(options); }
  Answer operator()(const DriftCommand& command) const { return run_drift(options, command); }
  Answer operator()(const ExplainCommand& command) const { return run_explain(options, command); }
  Answer operator()(const ReconcileCommand& command) const {
    return run_reconcile(options, command);
  }
  Answer operator()(const SuspendCommand& command) const { return run_suspend(options, command); }
  Answer operator()(const ResumeCommand& command) const { return run_resume(options, command); }
  Answer operator()(const PlanCommand& command) const {
    return run_plan(options, command, environment);
  }
  Answer operator()(const AdoptCommand& command) const { return run_adopt(options, command); }
  Answer operator()(const ReleaseCommand& command) const { return run_release(options, command); }
  Answer operator()(const BuildCommand& command) const { return run_build(command, environment); }
  Answer operator()(const InitCommand& command) const { return run_init(options, command); }
  Answer operator()(const CheckConfigCommand&) const { return run_check_config(options); }
  Answer operator()(const DoctorCommand&) const { return run_doctor(options, environment); }
  Answer operator()(const VersionCommand&) const { return run_version(options, environment); }
  Answer operator()(const CompletionCommand& command) const { return run_completion(command); }
};

Answer run(const std::vector<std::string>& arguments) {
  const GlobalOptions defaults =
      default_options(variable("STATE_DIRECTORY"), variable("RUNTIME_DIRECTORY"));
  const std::variant<CommandLine, Answer> line = read_command_line(arguments, defaults);
  if (const auto* answer = std::get_if<Answer>(&line)) return *answer;
  const auto& [options, command] = std::get<CommandLine>(line);
  const Environment environment{.version = PRIMOCANE_VERSION,
                                .journal_stream = variable("JOURNAL_STREAM"),
                                .home = variable("HOME"),
                                .cache_dir = cache_folder(),
                                .proxy = https_proxy(),
                                .credentials_dir = variable("CREDENTIALS_DIRECTORY"),
                                .released_at = released_at};
  return std::visit(RunCommand{.options = options, .environment = environment}, command);
}

// False when not all could be written: a full disk must not look like success.
bool write_to(std::FILE* stream, const std::string& text) {
  const bool is_written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  return is_written && std::fflush(stream) == 0;
}

// Says why the output was not written, unless its reader has left.
void tell_lost_output(int error_number) {
  if (error_number == EPIPE) return;
  write_to(stderr, "primocane: " + os_error("writing the output", error_number).message + "\n");
}

}  // namespace

int main(int argc, char** argv) {
  use_built_in_name_services();
  // Each file and folder says itself who may read it. The mask of a careful shell would keep the
  // mirror from the boxed children, which are another user, and the socket from its group.
  umask(S_IWGRP | S_IWOTH);
  const std::span<char* const> all(argv, static_cast<std::size_t>(argc));
  if (const std::optional<int> code = run_if_boxed(all, run_boxed_work)) return *code;
  ignore_broken_pipes();
  std::vector<std::string> arguments;
  if (!all.empty()) arguments.assign(all.begin() + 1, all.end());
  const Answer answer = run(arguments);
  const bool is_told = write_to(stderr, plain_text(answer.err));
  const bool is_out = write_to(stdout, answer.out);
  if (!is_out) tell_lost_output(errno);
  if (!is_out || !is_told) return static_cast<int>(ExitCode::failed);
  return static_cast<int>(answer.exit_code);
}

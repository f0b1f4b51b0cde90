// SPDX-License-Identifier: Apache-2.0
#include "cli/init_checks.hpp"

#include "base/durable_file.hpp"
#include "base/os_error.hpp"
#include "base/trimmed.hpp"
#include "cli/settings.hpp"
#include "cli/user_remotes.hpp"
#include "cluster/kubeconfig.hpp"
#include "host/read_file.hpp"
#include "reconcile/renderer.hpp"
#include "secrets/age_identity.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

// Not below /tmp, which may be memory.
constexpr const char* work_folder_pattern = "/var/tmp/primocane-init.XXXXXX";
constexpr ByteCount file_max(1024 * 1024);
constexpr std::size_t host_keys_max = 64UL * 1024;

ReadFile read_with(std::vector<SecretFile> secrets) {
  return [secrets = std::move(secrets)](const std::string& path,
                                        Secrecy secrecy) -> Result<std::string> {
    const auto typed = std::ranges::find(secrets, path, &SecretFile::path);
    if (typed != secrets.end()) return typed->content;
    return read_file(path, file_max, secrecy);
  };
}

// A certificate that does not hold and credentials that do not are both `denied` and told apart by
// their words alone; the person has to look at different answers.
Error about_server(Error error) {
  if (error.message.find("certificate does not hold") != std::string::npos) {
    error.kind = ErrorKind::unavailable;
  }
  return error;
}

Result<void> require_private(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::unexpected(os_error(path, errno));
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  return fail(ErrorKind::denied,
              fmt::format("{0} can be read by others than its owner: chmod 600 {0}", path));
}

Secrecy secrecy_of(InitTopic topic) {
  if (topic == InitTopic::ssh_key) return Secrecy::ssh_key;
  const bool is_secret = topic == InitTopic::password_file || topic == InitTopic::token_file ||
                         topic == InitTopic::client_key || topic == InitTopic::age_key_file;
  return is_secret ? Secrecy::secret : Secrecy::open;
}

Task<Result<std::string>> scan_host_keys(ChildProcesses* children, ProgramSpec spec) {
  CO_TRY(const std::unique_ptr<ChildProcess> child, children->start_program(std::move(spec)));
  child->close_input();
  std::string keys;
  while (true) {
    CO_TRY(const std::string piece, co_await child->read());
    if (piece.empty()) break;
    keys += piece;
    if (keys.size() > host_keys_max) co_return fail(ErrorKind::invalid, "too many host keys");
  }
  co_await child->wait();
  if (!fingerprints(keys).empty()) co_return keys;
  co_return fail(ErrorKind::unavailable,
                 fmt::format("ssh-keyscan found no keys: {}", printable(child->error_output())));
}

// The start of the commit that `repository` has.
Task<Result<std::string>> look_up_commit(RemoteSource* source, RemoteRepository repository) {
  CO_TRY(const CommitId commit, co_await source->commit(std::move(repository)));
  co_return std::string(commit.abbreviated());
}

Task<Result<std::string>> fetch_and_render(Repository* repository, BoxedRenderer* renderer,
                                           RenderRequest request) {
  CO_TRY(const Revision revision, co_await repository->update(std::nullopt, Rewrite::refuse));
  request.commit = revision.commit;
  CO_TRY(const Rendering rendering,
         co_await renderer->render(std::move(request), repository->mirror_path()));
  const std::size_t count = rendering.objects.size() + rendering.flux_objects.size();
  if (count == 0) co_return fail(ErrorKind::invalid, "nothing in this folder is an object");
  co_return fmt::format("it renders to {} object{}", count, count == 1 ? "" : "s");
}

}  // namespace

RealChecks::RealChecks(InitSession& session)
    : session_(session), children_(session.loop(), children_options(Boxing::required)) {}

RealChecks::~RealChecks() {
  std::error_code ignored;
  if (!work_folder_.empty()) std::filesystem::remove_all(work_folder_, ignored);
}

Result<std::string> RealChecks::server(const InitDraft& draft) {
  const Result<std::string> head = look_up(draft, "HEAD");
  if (!head) return std::unexpected(about_server(head.error()));
  return "the server shows the repository";
}

Result<std::string> RealChecks::branch(const InitDraft& draft) {
  const std::string& name = draft.file.config.git.branch;
  const std::string commit = TRY(look_up(draft, "refs/heads/" + name));
  return fmt::format("branch {} is at commit {}", name, commit);
}

Result<std::string> RealChecks::folder(const InitDraft& draft) {
  Config config = TRY(usable(draft));
  const ReadFile read = read_with(draft.secrets);
  const std::unique_ptr<Repository> repository =
      TRY(make_repository(session_.loop(), children_, config, work_folder_, read));
  std::string warnings;
  WarningLines events(warnings);
  const RemoteParts parts =
      make_remotes(session_.loop(), children_, events, config,
                   {.folder = remotes_folder(work_folder_), .unused_max = {}}, read);
  BoxedRenderer renderer(children_, box_limits(config.render), parts.remotes.get());
  RenderRequest request = folder_request(config.path, RenderOutput::desired, config.render);
  request.source = RenderSource::commit;
  DecryptionKeys keys = make_decryption_keys(config);
  if (keys.has_file()) {
    request.identities = TRY(keys.of_file());
  } else {
    request.encrypted = Encrypted::kept;  // the keys may be in the cluster
  }
  return session_.run(fetch_and_render(repository.get(), &renderer, std::move(request)));
}

Result<std::string> RealChecks::file(InitTopic topic, const std::string& path) {
  const Result<std::string> content = read_file(path, file_max, secrecy_of(topic));
  if (topic == InitTopic::kubeconfig) {
    if (!content && content.error().kind == ErrorKind::unavailable) {
      return content.error().message + ": K3s writes it when it starts, and the agent waits for it";
    }
    if (content) TRY(read_kubeconfig(*content, path));
  }
  if (!content) return std::unexpected(content.error());
  if (trimmed(*content).empty()) return fail(ErrorKind::invalid, path + " is empty");
  if (secrecy_of(topic) == Secrecy::ssh_key) TRY(require_private(path));
  if (topic == InitTopic::age_key_file) {
    Identities identities;
    TRY(identities.add(*content, path));
  }
  return std::string();
}

Result<std::string> RealChecks::host_keys(const GitUrl& url) {
  std::vector<std::string> arguments{"ssh-keyscan", "-T", "10"};
  if (url.port() != 0) arguments.insert(arguments.end(), {"-p", fmt::format("{}", url.port())});
  arguments.insert(arguments.end(), {"--", url.host()});
  Result<std::string> keys =
      session_.run(scan_host_keys(&children_, {.arguments = std::move(arguments),
                                               .environment = {},
                                               .wall_time = std::chrono::seconds(60)}));
  if (!keys && keys.error().kind == ErrorKind::invalid) {
    keys.error().message += " (Debian: apt install openssh-client)";
  }
  return keys;
}

Result<void> RealChecks::make_work_folder() {
  if (!work_folder_.empty()) return {};
  std::string path = work_folder_pattern;
  if (::mkdtemp(path.data()) == nullptr) return std::unexpected(os_error(path, errno));
  work_folder_ = std::move(path);
  return {};
}

// The configuration with files in place of those that are not written yet and that ssh, being
// another program, must find.
Result<Config> RealChecks::usable(const InitDraft& draft) {
  TRY(make_work_folder());
  Config config = draft.file.config;
  std::string& known_hosts = config.git.authentication.ssh_known_hosts;
  const auto confirmed = std::ranges::find(draft.secrets, known_hosts, &SecretFile::path);
  if (confirmed == draft.secrets.end()) return config;
  known_hosts = work_folder_ + "/known_hosts";
  TRY(replace_file(known_hosts, confirmed->content, Durability::lazy, 0600));
  return config;
}

Result<std::string> RealChecks::look_up(const InitDraft& draft, std::string ref) {
  const Config config = TRY(usable(draft));
  std::string warnings;
  WarningLines events(warnings);
  const RemoteParts parts = make_remotes(session_.loop(), children_, events, config,
                                         {.folder = remotes_folder(work_folder_), .unused_max = {}},
                                         read_with(draft.secrets));
  return session_.run(look_up_commit(
      parts.source.get(), {.url = config.git.url, .ref = std::move(ref), .timeout = std::nullopt}));
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
// primocane check-config.
#include "cli/commands.hpp"
#include "cli/config.hpp"
#include "cli/load_config.hpp"
#include "cli/output.hpp"
#include "cluster/kubeconfig.hpp"
#include "host/read_file.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr ByteCount named_file_max(1024 * 1024);

// What keeps the configuration from working, though it is well formed.
std::vector<std::string> find_problems(const Config& config) {
  std::vector<std::string> problems;
  for (const NamedFile& file : named_files(config)) {
    const Result<std::string> content = read_file(file.path, named_file_max, file.secrecy);
    if (!content) {
      problems.push_back(fmt::format("{}: {}", file.key, content.error().message));
    } else if (content->empty()) {
      problems.push_back(fmt::format("{}: {} is empty", file.key, file.path));
    }
  }
  const Result<std::string> kubeconfig = read_file(config.kubeconfig, named_file_max);
  if (!kubeconfig) return problems;
  const Result<ClusterAccess> access =
      read_kubeconfig(*kubeconfig, config.kubeconfig, config.context);
  if (!access) problems.push_back(fmt::format("cluster.kubeconfig: {}", access.error().message));
  return problems;
}

std::vector<std::string> find_warnings(const Config& config) {
  std::vector<std::string> warnings = config_warnings(config);
  const Result<std::string> kubeconfig = read_file(config.kubeconfig, named_file_max);
  if (!kubeconfig) {
    warnings.push_back(fmt::format("cluster.kubeconfig: {}; the agent will wait for it",
                                   kubeconfig.error().message));
  }
  return warnings;
}

Value as_array(const std::vector<std::string>& texts) {
  Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

}  // namespace

Answer run_check_config(const GlobalOptions& options) {
  const Result<ConfigFile> file = load_config(options.config_file);
  if (!file) return failed(ExitCode::configuration, file.error());
  const std::vector<std::string> problems = find_problems(file->config);
  const std::vector<std::string> warnings = find_warnings(file->config);
  const Value value = Object{{"config", write_config(file->config)},
                             {"defaults", as_array(default_keys(*file))},
                             {"warnings", as_array(warnings)},
                             {"problems", as_array(problems)}};
  Answer answer{.exit_code = problems.empty() ? ExitCode::done : ExitCode::configuration,
                .out = print(options.output, value, describe_config(*file))};
  for (const std::string& warning : warnings) {
    answer.err += fmt::format("primocane: warning: {}\n", warning);
  }
  for (const std::string& problem : problems) answer.err += fmt::format("primocane: {}\n", problem);
  return answer;
}

}  // namespace primocane

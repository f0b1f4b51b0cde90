// SPDX-License-Identifier: Apache-2.0
// Config: what /etc/primocane/config.yaml says, checked, with the defaults for what it leaves out.
// docs/configuration.md explains each key to people.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/secrecy.hpp"
#include "document/value.hpp"
#include "plan/prune.hpp"
#include "source/git_settings.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The least severe events that are told.
enum class LogLevel : std::uint8_t { error, warning, info, debug };

enum class LogFormat : std::uint8_t {
  automatic,  ///< the journal where standard error is connected to it, else text
  journal,    ///< the journal's native records
  text,       ///< lines on standard error
  json,       ///< one JSON object a line on standard error
};

/// What one rendering may cost.
struct RenderSettings {
  ByteCount memory{256ULL * 1024 * 1024};
  std::chrono::seconds cpu_time{60};
  ByteCount file_size{16ULL * 1024 * 1024};
  std::uint64_t objects = 20'000;
  ByteCount output_size{64ULL * 1024 * 1024};
  std::uint64_t remotes = 50;                   ///< files and repositories from elsewhere
  ByteCount remote_size{256ULL * 1024 * 1024};  ///< of one of them
  std::chrono::seconds remote_timeout{120};     ///< for fetching one of them

  bool operator==(const RenderSettings&) const = default;
};

/// A value; says nothing about whether the files that it names exist.
struct Config {
  GitSettings git;
  std::string verification_keys;  ///< file of keys that have to sign each commit; "" for none
  RelativePath path;              ///< of the folder in the repository that is applied
  std::chrono::seconds interval{60};
  std::string kubeconfig = "/etc/rancher/k3s/k3s.yaml";
  std::string context;       ///< of the kubeconfig; "" for its current one
  std::string node_name;     ///< of this machine's Node; "" to find it
  std::string age_key_file;  ///< age identities that decrypt what SOPS encrypted; "" for none
  std::uint64_t deletions_max = PruneSettings{}.deletions_max;
  DataKinds data_kinds = DataKinds::keep;
  RenderSettings render;
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::automatic;

  bool operator==(const Config&) const = default;
};

/// A Config with where each of its keys was written.
struct ConfigFile {
  Config config;
  /// Keys that the file gives ("git.branch"), and on which line; all others are defaults.
  std::map<std::string, std::uint32_t, std::less<>> given;
};

/// Where the files are that a configuration names.
struct ConfigPlace {
  std::string folder;       ///< of relative names; "" leaves them as they are
  std::string credentials;  ///< CREDENTIALS_DIRECTORY of a service; "": `credentials` in `folder`
};

/// Reads the configuration `text` of the file `name`. "credential:NAME" in it is the credential
/// primocane_NAME of the service, or NAME among the files that the service gets them from.
/// `invalid`, with file and line, for an unknown key (with the nearest known one), a wrong type, a
/// value out of its range, a missing git.url, or settings that contradict each other.
[[nodiscard]] Result<ConfigFile> read_config(std::string_view text, std::string_view name,
                                             const ConfigPlace& place);

/// All keys with the values in force, nested as in the file; no secrets (a password in git.proxy
/// is masked).
[[nodiscard]] Value write_config(const Config& config);

/// The same, but only of the keys that the file gives.
[[nodiscard]] Value write_given(const ConfigFile& file);

/// The keys of write_config() that are defaults, in the order of the file.
[[nodiscard]] std::vector<std::string> default_keys(const ConfigFile& file);

/// The configuration in force as a file that says the same, with "# default" behind each default.
[[nodiscard]] std::string describe_config(const ConfigFile& file);

/// A file that the configuration names, and by which key.
struct NamedFile {
  std::string key;
  std::string path;
  Secrecy secrecy = Secrecy::open;
};

/// Every file that must exist for the configuration to work. The kubeconfig is not among them:
/// K3s writes it when it starts, and the agent waits for it.
[[nodiscard]] std::vector<NamedFile> named_files(const Config& config);

/// What works but is probably not meant ("git.url is http: ..."), one sentence each.
[[nodiscard]] std::vector<std::string> config_warnings(const Config& config);

}  // namespace primocane

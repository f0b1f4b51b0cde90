// SPDX-License-Identifier: Apache-2.0
#include "cli/config.hpp"

#include "cli/config_keys.hpp"
#include "document/json.hpp"
#include "document/limits.hpp"
#include "document/schema_reader.hpp"
#include "document/yaml_reader.hpp"
#include "document/yaml_writer.hpp"
#include "source/git_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace primocane {

namespace {

constexpr DocumentLimits config_limits{.bytes = ByteCount(1024 * 1024),
                                       .depth = 20,
                                       .nodes = 10'000,
                                       .documents = 2,
                                       .scalar = ByteCount(64 * 1024)};

// What comes before the last dot of "git.timeouts.connect", and after.
std::string_view section_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}
std::string_view name_of(std::string_view path) { return path.substr(path.rfind('.') + 1); }

std::string join(std::string_view section, std::string_view name) {
  return section.empty() ? std::string(name) : fmt::format("{}.{}", section, name);
}

// The names that may stand in `section`, each once: keys and further sections.
std::vector<std::string_view> names_in(std::string_view section) {
  std::vector<std::string_view> names;
  for (const ConfigKey& key : config_keys()) {
    std::string_view rest = key.path;
    if (!section.empty()) {
      if (!rest.starts_with(section) || rest.size() <= section.size()) continue;
      rest.remove_prefix(section.size());
      if (!rest.starts_with('.')) continue;
      rest.remove_prefix(1);
    }
    const std::string_view name = rest.substr(0, rest.find('.'));
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

const ConfigKey* find_key(std::string_view path) {
  const auto found = std::ranges::find(config_keys(), path, &ConfigKey::path);
  return found == config_keys().end() ? nullptr : &*found;
}

class Reader {
 public:
  Reader(std::string_view name, const ConfigPlace& place) : name_(name), place_(place) {}

  Result<ConfigFile> read(const Value& document) {
    TRY(read_section(document, {}));
    TRY(check());
    return std::move(file_);
  }

 private:
  Result<void> read_section(const Value& mapping, const std::string& section) {
    const std::vector<std::string_view> names = names_in(section);
    TRY(require_known_keys(mapping, section.empty() ? "the configuration" : section, name_, names));
    for (const auto& [name, value] : *mapping.as_object()) {
      const std::string path = join(section, name);
      if (value.is_null()) {
        return refuse(value.line(), path, "has no value; remove the line to use the default");
      }
      TRY(read_value(value, path));
    }
    return {};
  }

  Result<void> read_value(const Value& value, const std::string& path) {
    const ConfigKey* key = find_key(path);
    if (key == nullptr) return read_section(value, path);
    const Result<void> taken = key->take(file_.config, value, place_);
    if (!taken) return refuse(value.line(), path, taken.error().message);
    file_.given.emplace(path, value.line());
    return {};
  }

  Result<void> check() const {
    if (!file_.given.contains("git.url")) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: git.url is missing: the repository to follow, like "
                              "https://git.example.org/home/cluster.git",
                              name_));
    }
    TRY(check_scheme());
    TRY(needs("git.authentication.username", "git.authentication.passwordFile"));
    TRY(needs("git.authentication.passwordFile", "git.authentication.username"));
    TRY(needs("git.authentication.clientCertificate", "git.authentication.clientKey"));
    TRY(needs("git.authentication.clientKey", "git.authentication.clientCertificate"));
    return excludes("git.authentication.tokenFile", "git.authentication.passwordFile");
  }

  // Keys of the other protocol would be ignored, so whoever wrote them expects something else.
  Result<void> check_scheme() const {
    const GitUrl url = TRY(GitUrl::parse(file_.config.git.url));
    if (url.scheme() == GitScheme::ssh) {
      for (const std::string_view key :
           {"username", "passwordFile", "tokenFile", "clientCertificate", "clientKey"}) {
        TRY(forbid(fmt::format("git.authentication.{}", key), "https, but git.url is for ssh"));
      }
      TRY(forbid("git.caFile", "https, but git.url is for ssh"));
      TRY(forbid("git.proxy",
                 "https, but git.url is for ssh (use ProxyCommand in ssh's own file)"));
      if (file_.given.contains("git.authentication.sshKnownHosts")) return {};
      return refuse(line_of("git.url"), "git.url",
                    "is for ssh, which needs git.authentication.sshKnownHosts: a file with the "
                    "server's host keys, as ssh-keyscan writes it");
    }
    for (const std::string_view key : {"sshKey", "sshKnownHosts"}) {
      TRY(forbid(fmt::format("git.authentication.{}", key), "ssh, but git.url is for https"));
    }
    return {};
  }

  Result<void> forbid(const std::string& key, std::string_view reason) const {
    if (!file_.given.contains(key)) return {};
    return refuse(line_of(key), key, fmt::format("is only for {}", reason));
  }

  Result<void> needs(std::string_view key, std::string_view other) const {
    if (!file_.given.contains(key) || file_.given.contains(other)) return {};
    return refuse(line_of(key), key, fmt::format("needs {} as well", other));
  }

  Result<void> excludes(std::string_view key, std::string_view other) const {
    if (!file_.given.contains(key) || !file_.given.contains(other)) return {};
    return refuse(line_of(key), key, fmt::format("and {} exclude each other", other));
  }

  std::uint32_t line_of(std::string_view key) const {
    const auto found = file_.given.find(key);
    return found == file_.given.end() ? 0 : found->second;
  }

  std::unexpected<Error> refuse(std::uint32_t line, std::string_view key,
                                std::string_view reason) const {
    return fail(ErrorKind::invalid, fmt::format("{}{} {}", at_line(name_, line), key, reason));
  }

  std::string name_;
  const ConfigPlace& place_;
  ConfigFile file_;
};

// The mapping that holds `path`, made where it is missing.
Object& section_in(Object& root, std::string_view path) {
  Object* section = &root;
  for (std::string_view rest = section_of(path); !rest.empty();) {
    const std::size_t dot = rest.find('.');
    Value& next = (*section)[rest.substr(0, dot)];
    if (!next.is_object()) next = Object();
    section = next.as_object();
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  return *section;
}

// A key without a value in force: nothing is configured and there is no default.
bool is_unset(const Value& value) { return value.as_string() && value.as_string()->empty(); }

Value write_keys(const Config& config, const std::function<bool(std::string_view)>& is_wanted) {
  Object root;
  for (const ConfigKey& key : config_keys()) {
    Value value = key.give(config);
    if (is_unset(value) || !is_wanted(key.path)) continue;
    section_in(root, key.path).set(name_of(key.path), std::move(value));
  }
  return root;
}

std::string describe_value(std::string_view name, const Value& value) {
  std::string line = write_yaml(Object{{std::string(name), value}});
  line.pop_back();
  // Long texts are folded; on one line each can carry its comment.
  if (line.find('\n') != std::string::npos) line = fmt::format("{}: {}", name, write_json(value));
  return line;
}

std::string describe_section(const ConfigFile& file, const std::string& section) {
  const auto depth = section.empty() ? 0 : std::ranges::count(section, '.') + 1;
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  std::string text;
  for (const std::string_view name : names_in(section)) {
    const std::string path = join(section, name);
    const ConfigKey* key = find_key(path);
    if (key == nullptr) {
      const std::string inner = describe_section(file, path);
      if (!inner.empty()) text += fmt::format("{}{}:\n{}", indent, name, inner);
      continue;
    }
    const Value value = key->give(file.config);
    if (is_unset(value)) continue;
    const std::string_view mark = file.given.contains(path) ? "" : "  # default";
    text += fmt::format("{}{}{}\n", indent, describe_value(name, value), mark);
  }
  return text;
}

}  // namespace

Result<ConfigFile> read_config(std::string_view text, std::string_view name,
                               const ConfigPlace& place) {
  const std::vector<Document> documents = TRY(read_yaml(text, name, config_limits));
  if (documents.size() > 1) {
    return fail(ErrorKind::invalid,
                fmt::format("{}a second document begins here; the configuration "
                            "is one",
                            at_line(name, documents[1].line)));
  }
  const Value empty = Object();
  return Reader(name, place).read(documents.empty() ? empty : documents.front().value);
}

Value write_config(const Config& config) {
  return write_keys(config, [](std::string_view /*path*/) { return true; });
}

Value write_given(const ConfigFile& file) {
  return write_keys(file.config, [&](std::string_view path) { return file.given.contains(path); });
}

std::vector<std::string> default_keys(const ConfigFile& file) {
  std::vector<std::string> defaults;
  for (const ConfigKey& key : config_keys()) {
    if (file.given.contains(key.path) || is_unset(key.give(file.config))) continue;
    defaults.emplace_back(key.path);
  }
  return defaults;
}

std::string describe_config(const ConfigFile& file) { return describe_section(file, {}); }

std::vector<NamedFile> named_files(const Config& config) {
  const GitAuthentication& authentication = config.git.authentication;
  std::vector<NamedFile> files{
      {"git.caFile", config.git.ca_file},
      {"git.verify.keys", config.verification_keys},
      {"git.authentication.passwordFile", authentication.password_file, Secrecy::secret},
      {"git.authentication.tokenFile", authentication.token_file, Secrecy::secret},
      {"git.authentication.clientCertificate", authentication.client_certificate},
      {"git.authentication.clientKey", authentication.client_key, Secrecy::secret},
      {"git.authentication.sshKey", authentication.ssh_key, Secrecy::ssh_key},
      {"git.authentication.sshKnownHosts", authentication.ssh_known_hosts},
      {"decryption.ageKeyFile", config.age_key_file, Secrecy::secret}};
  std::erase_if(files, [](const NamedFile& file) { return file.path.empty(); });
  return files;
}

std::vector<std::string> config_warnings(const Config& config) {
  std::vector<std::string> warnings;
  const Result<GitUrl> url = GitUrl::parse(config.git.url);
  if (url && url->is_insecure()) {
    warnings.emplace_back(
        "git.url is http: everybody on the way can read what is fetched, and change what is "
        "applied; use https or ssh");
  }
  return warnings;
}

}  // namespace primocane

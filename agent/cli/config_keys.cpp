// SPDX-License-Identifier: Apache-2.0
#include "cli/config_keys.hpp"

#include "base/quantity.hpp"
#include "document/letters.hpp"
#include "document/schema_reader.hpp"
#include "source/git_url.hpp"
#include "source/ref_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

namespace primocane {

namespace {

Result<std::string> read_text(const Value& value) {
  const std::string* text = value.as_string();
  if (text != nullptr) return *text;
  const bool is_scalar = !value.is_array() && !value.is_object();
  return fail(ErrorKind::invalid, fmt::format("must be a string, not {}{}", to_string(value.kind()),
                                              is_scalar ? "; put it in quotes" : ""));
}

// Each of the following is a type of values: how one is read from the file and written again.

struct Text {
  static Result<std::string> read(const Value& value, const ConfigPlace& /*place*/) {
    return read_text(value);
  }
  static Value write(const std::string& text) { return text; }
};

// Letters and digits of a file's name that need no quoting anywhere.
Result<std::string> credential_path(std::string_view name, const ConfigPlace& place) {
  const bool is_name =
      !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](char c) {
        return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
      });
  if (!is_name) {
    return fail(
        ErrorKind::invalid,
        fmt::format("names the credential \"{}\"; expected letters, digits, '-', '_', '.'", name));
  }
  if (!place.credentials.empty()) return fmt::format("{}/primocane_{}", place.credentials, name);
  return fmt::format("{}{}credentials/{}", place.folder, place.folder.empty() ? "" : "/", name);
}

struct FileName {
  static Result<std::string> read(const Value& value, const ConfigPlace& place) {
    std::string path = TRY(read_text(value));
    if (path.empty()) return fail(ErrorKind::invalid, "must name a file, and is empty");
    constexpr std::string_view credential = "credential:";
    if (path.starts_with(credential)) {
      return credential_path(std::string_view(path).substr(credential.size()), place);
    }
    if (path.front() == '/' || place.folder.empty()) return path;
    return fmt::format("{}/{}", place.folder, path);
  }
  static Value write(const std::string& path) { return path; }
};

struct RemoteUrl {
  static Result<std::string> read(const Value& value, const ConfigPlace& /*place*/) {
    const std::string text = TRY(read_text(value));
    Result<GitUrl> url = GitUrl::parse(text);
    if (url) return url->str();
    // The caller names the key.
    constexpr std::string_view key = "git.url ";
    if (url.error().message.starts_with(key)) url.error().message.erase(0, key.size());
    return std::unexpected(std::move(url).error());
  }
  static Value write(const std::string& url) { return url; }
};

struct Branch {
  static Result<std::string> read(const Value& value, const ConfigPlace& /*place*/) {
    std::string name = TRY(read_text(value));
    if (is_branch_name(name)) return name;
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is no name of a branch", name));
  }
  static Value write(const std::string& name) { return name; }
};

struct TreePath {
  static Result<RelativePath> read(const Value& value, const ConfigPlace& /*place*/) {
    const std::string text = TRY(read_text(value));
    return RelativePath::parse(text);
  }
  static Value write(const RelativePath& path) { return path.is_root() ? "." : path.str(); }
};

struct ProxyUrl {
  static Result<std::string> read(const Value& value, const ConfigPlace& /*place*/) {
    std::string url = TRY(read_text(value));
    for (const std::string_view scheme : {"http://", "https://", "socks5://", "socks5h://"}) {
      if (url.starts_with(scheme) && url.size() > scheme.size()) return url;
    }
    // Not repeated: it may hold a password.
    return fail(
        ErrorKind::invalid,
        "must be a URL like http://proxy.example.org:3128 (http, https, socks5 or socks5h)");
  }
  static Value write(const std::string& url) {
    const std::size_t host = url.rfind('@');
    const std::size_t scheme = url.find("://");
    if (host == std::string::npos || scheme == std::string::npos) return url;
    return url.substr(0, scheme + 3) + "***" + url.substr(host);
  }
};

template <std::int64_t least, std::int64_t most>
struct Seconds {
  static Result<std::chrono::seconds> read(const Value& value, const ConfigPlace& /*place*/) {
    if (value.as_number() != nullptr) {
      return fail(ErrorKind::invalid,
                  fmt::format("needs a unit: {0}s for {0} seconds", value.as_number()->text));
    }
    const std::string text = TRY(read_text(value));
    const Duration duration = TRY(parse_duration(text));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    if (seconds != duration) {
      return fail(ErrorKind::invalid, fmt::format("must be whole seconds, not {}", text));
    }
    if (seconds.count() < least || seconds.count() > most) {
      return fail(ErrorKind::invalid,
                  fmt::format("must be between {} and {}, not {}",
                              write_duration(std::chrono::seconds(least)),
                              write_duration(std::chrono::seconds(most)), text));
    }
    return seconds;
  }
  static Value write(std::chrono::seconds seconds) { return write_duration(seconds); }
};

template <std::uint64_t least, std::uint64_t most>
struct Size {
  static Result<ByteCount> read(const Value& value, const ConfigPlace& /*place*/) {
    // A plain number is a number of bytes, as in Kubernetes.
    const Number* number = value.as_number();
    const std::string text = number != nullptr ? number->text : TRY(read_text(value));
    const ByteCount size = TRY(parse_size(text));
    if (size.count() < least || size.count() > most) {
      return fail(ErrorKind::invalid,
                  fmt::format("must be between {} and {}, not {}", write_size(ByteCount(least)),
                              write_size(ByteCount(most)), text));
    }
    return size;
  }
  static Value write(ByteCount size) { return write_size(size); }
};

template <std::uint64_t least, std::uint64_t most>
struct Count {
  static Result<std::uint64_t> read(const Value& value, const ConfigPlace& /*place*/) {
    const Number* number = value.as_number();
    if (number == nullptr) {
      return fail(ErrorKind::invalid,
                  fmt::format("must be a number, not {}", to_string(value.kind())));
    }
    const std::string& text = number->text;
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool is_read = error == std::errc() && end == text.data() + text.size();
    if (!is_read || count < least || count > most) {
      return fail(
          ErrorKind::invalid,
          fmt::format("must be a whole number between {} and {}, not {}", least, most, text));
    }
    return count;
  }
  static Value write(std::uint64_t count) { return Number{fmt::to_string(count)}; }
};

// One word of a list; the words are in the order of Enum's enumerators.
template <typename Words>
struct Choice {
  using Enum = typename Words::Enum;
  static Result<Enum> read(const Value& value, const ConfigPlace& /*place*/) {
    const std::string text = TRY(read_text(value));
    const auto found = std::ranges::find(Words::words, text);
    if (found != Words::words.end()) return static_cast<Enum>(found - Words::words.begin());
    const std::string_view meant = nearest(text, std::span<const std::string_view>(Words::words));
    return fail(ErrorKind::invalid,
                fmt::format("must be one of {}, not \"{}\"{}", fmt::join(Words::words, ", "), text,
                            meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant)));
  }
  static Value write(Enum value) { return Words::words[static_cast<std::size_t>(value)]; }
};

struct DataKindsWords {
  using Enum = DataKinds;
  static constexpr std::array<std::string_view, 2> words{"keep", "flux"};
};

struct LogLevelWords {
  using Enum = LogLevel;
  static constexpr std::array<std::string_view, 4> words{"error", "warning", "info", "debug"};
};

struct LogFormatWords {
  using Enum = LogFormat;
  static constexpr std::array<std::string_view, 4> words{"auto", "journal", "text", "json"};
};

// A key whose value of type `Type` lies in the field that `Field` selects.
template <typename Type, typename Field>
constexpr ConfigKey key(std::string_view path, Type /*type*/, Field /*field*/) {
  return {.path = path,
          .take = [](Config& config, const Value& value, const ConfigPlace& place) -> Result<void> {
            auto taken = Type::read(value, place);
            if (!taken) return std::unexpected(std::move(taken).error());
            auto& field = Field{}(config);
            field = static_cast<std::remove_reference_t<decltype(field)>>(std::move(*taken));
            return {};
          },
          .give = [](const Config& config) { return Type::write(Field{}(config)); }};
}

constexpr std::uint64_t kibi = 1024;
constexpr std::uint64_t mebi = kibi * kibi;
constexpr std::uint64_t gibi = kibi * mebi;
constexpr std::int64_t hour = 3600;

constexpr std::array keys{
    key("git.url", RemoteUrl{}, [](auto& c) -> auto& { return c.git.url; }),
    key("git.branch", Branch{}, [](auto& c) -> auto& { return c.git.branch; }),
    key("git.path", TreePath{}, [](auto& c) -> auto& { return c.path; }),
    key("git.interval", Seconds<5, 24 * hour>{}, [](auto& c) -> auto& { return c.interval; }),
    key("git.caFile", FileName{}, [](auto& c) -> auto& { return c.git.ca_file; }),
    key("git.verify.keys", FileName{}, [](auto& c) -> auto& { return c.verification_keys; }),
    key("git.proxy", ProxyUrl{}, [](auto& c) -> auto& { return c.git.proxy; }),
    key("git.authentication.username", Text{},
        [](auto& c) -> auto& { return c.git.authentication.username; }),
    key("git.authentication.passwordFile", FileName{},
        [](auto& c) -> auto& { return c.git.authentication.password_file; }),
    key("git.authentication.tokenFile", FileName{},
        [](auto& c) -> auto& { return c.git.authentication.token_file; }),
    key("git.authentication.clientCertificate", FileName{},
        [](auto& c) -> auto& { return c.git.authentication.client_certificate; }),
    key("git.authentication.clientKey", FileName{},
        [](auto& c) -> auto& { return c.git.authentication.client_key; }),
    key("git.authentication.sshKey", FileName{},
        [](auto& c) -> auto& { return c.git.authentication.ssh_key; }),
    key("git.authentication.sshKnownHosts", FileName{},
        [](auto& c) -> auto& { return c.git.authentication.ssh_known_hosts; }),
    key("git.timeouts.connect", Seconds<1, 600>{},
        [](auto& c) -> auto& { return c.git.connect_timeout; }),
    key("git.timeouts.stall", Seconds<1, 600>{},
        [](auto& c) -> auto& { return c.git.stall_timeout; }),
    key("git.timeouts.fetch", Seconds<1, 24 * hour>{},
        [](auto& c) -> auto& { return c.git.fetch_timeout; }),
    key("git.limits.packSize", Size<mebi, 64 * gibi>{},
        [](auto& c) -> auto& { return c.git.pack_max; }),
    key("git.limits.packObjects", Count<100, 100'000'000>{},
        [](auto& c) -> auto& { return c.git.objects_max; }),
    key("git.limits.depth", Count<1, 10'000'000>{},
        [](auto& c) -> auto& { return c.git.depth_max; }),
    key("cluster.kubeconfig", FileName{}, [](auto& c) -> auto& { return c.kubeconfig; }),
    key("cluster.context", Text{}, [](auto& c) -> auto& { return c.context; }),
    key("cluster.nodeName", Text{}, [](auto& c) -> auto& { return c.node_name; }),
    key("decryption.ageKeyFile", FileName{}, [](auto& c) -> auto& { return c.age_key_file; }),
    key("prune.maxDeletions", Count<0, 1'000'000>{},
        [](auto& c) -> auto& { return c.deletions_max; }),
    key("prune.dataKinds", Choice<DataKindsWords>{}, [](auto& c) -> auto& { return c.data_kinds; }),
    key("render.memory", Size<32 * mebi, 16 * gibi>{},
        [](auto& c) -> auto& { return c.render.memory; }),
    key("render.cpuTime", Seconds<1, hour>{}, [](auto& c) -> auto& { return c.render.cpu_time; }),
    key("render.fileSize", Size<kibi, gibi>{}, [](auto& c) -> auto& { return c.render.file_size; }),
    key("render.outputSize", Size<mebi, gibi>{},
        [](auto& c) -> auto& { return c.render.output_size; }),
    key("render.objects", Count<1, 1'000'000>{}, [](auto& c) -> auto& { return c.render.objects; }),
    key("render.remotes", Count<0, 100>{}, [](auto& c) -> auto& { return c.render.remotes; }),
    key("render.remoteSize", Size<mebi, 64 * gibi>{},
        [](auto& c) -> auto& { return c.render.remote_size; }),
    key("render.remoteTimeout", Seconds<1, hour>{},
        [](auto& c) -> auto& { return c.render.remote_timeout; }),
    key("log.level", Choice<LogLevelWords>{}, [](auto& c) -> auto& { return c.log_level; }),
    key("log.format", Choice<LogFormatWords>{}, [](auto& c) -> auto& { return c.log_format; }),
};

}  // namespace

std::span<const ConfigKey> config_keys() { return keys; }

}  // namespace primocane

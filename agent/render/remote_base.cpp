// SPDX-License-Identifier: Apache-2.0
#include "render/remote_base.hpp"

#include "base/letter_case.hpp"
#include "base/quantity.hpp"
#include "base/take_until.hpp"
#include "document/letters.hpp"
#include "document/plain_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t remote_length_max = 4096;
constexpr std::string_view file_scheme = "file://";
constexpr std::string_view ssh_scheme = "ssh://";

// Takes `prefix` (in lower case) off `text`, whatever its case there.
bool take_prefix(std::string_view& text, std::string_view prefix) {
  const bool is_there = text.size() >= prefix.size() &&
                        std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, to_lower);
  if (is_there) text.remove_prefix(prefix.size());
  return is_there;
}

std::string_view take_scheme(std::string_view& text) {
  constexpr std::array schemes{ssh_scheme, std::string_view("https://"),
                               std::string_view("http://"), file_scheme};
  const auto* const found = std::ranges::find_if(
      schemes, [&](std::string_view scheme) { return take_prefix(text, scheme); });
  return found == schemes.end() ? std::string_view() : *found;
}

bool is_letter(char c) { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; }

// "name@" at the front, with its "@".
std::string_view take_username(std::string_view& text) {
  const std::string_view whole = text;
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || !is_letter(text.front())) return {};
  const std::string_view name = text.substr(0, at);
  const bool is_name =
      std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || c == '-'; });
  if (!is_name) return {};
  text.remove_prefix(at + 1);
  return whole.substr(0, at + 1);
}

bool is_on_github(std::string_view text) {
  return take_prefix(text, "github.com/") || take_prefix(text, "github.com:");
}

// Where the host ends: at the first slash, or at the colon of scp's form, with it.
std::size_t host_length(std::string_view text, bool may_be_scp) {
  std::size_t separator = text.find('/');
  if (may_be_scp) {
    const std::size_t colon = text.find(':');
    const bool is_scp = colon != std::string_view::npos && colon > 0 && colon < separator;
    if (separator == std::string_view::npos || is_scp) separator = colon;
  }
  return separator == std::string_view::npos ? text.size() : separator + 1;
}

// Takes all up to the path off `text`; nothing if it names no place where a repository may be.
std::optional<std::string> take_host(std::string_view& text) {
  take_prefix(text, "git::");
  const std::string_view scheme = take_scheme(text);
  const std::string_view after_scheme = text;
  const std::string_view username = take_username(text);
  const bool is_github = is_on_github(text);
  const bool may_be_scp = scheme.empty() && (!username.empty() || is_github);
  if (scheme.empty() && !may_be_scp) return std::nullopt;
  if (scheme == file_scheme) {
    text = after_scheme;
    return std::string(scheme);
  }
  const std::size_t length = host_length(text, may_be_scp);
  const std::string_view host = text.substr(0, length);
  text.remove_prefix(length);
  if (is_github) {
    const bool is_ssh = scheme == ssh_scheme || !username.empty();
    return is_ssh ? std::string(username) + "github.com:" : "https://github.com/";
  }
  if (host.empty()) return std::nullopt;
  return std::string(scheme) + std::string(username) + std::string(host);
}

using Halves = std::pair<std::string_view, std::string_view>;

// The repository and the folder in it, by what marks the border between them.
std::optional<Halves> split_at_mark(std::string_view text) {
  constexpr std::string_view azure = "_git/";  // one folder above the repository
  constexpr std::string_view suffix = ".git";
  if (const std::size_t at = text.find(azure); at != std::string_view::npos) {
    const std::size_t end = std::min(text.find('/', at + azure.size()), text.size());
    return Halves(text.substr(0, end), text.substr(std::min(end + 1, text.size())));
  }
  if (const std::size_t at = text.find("//"); at != std::string_view::npos) {
    return Halves(text.substr(0, at), text.substr(at + 2));
  }
  if (const std::size_t at = text.find(suffix); at != std::string_view::npos) {
    return Halves(text.substr(0, at + suffix.size()), text.substr(at + suffix.size()));
  }
  return std::nullopt;
}

// As GitHub has it: organisation and repository come first.
std::optional<Halves> split_after_two(std::string_view text) {
  const std::size_t first = text.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = std::min(text.find('/', first + 1), text.size());
  return Halves(text.substr(0, second), text.substr(std::min(second + 1, text.size())));
}

std::optional<unsigned char> hex_digit(char c) {
  const char lower = to_lower(c);
  if (c >= '0' && c <= '9') return static_cast<unsigned char>(c - '0');
  if (lower >= 'a' && lower <= 'f') return static_cast<unsigned char>(lower - 'a' + 10);
  return std::nullopt;
}

// net/url's QueryUnescape.
std::optional<std::string> query_unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const auto high = i + 1 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
    if (!high || !low) return std::nullopt;
    plain += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return plain;
}

// What kustomize reads from the query of a URL; the first of several values counts.
struct Parameters {
  std::optional<std::string> ref;
  std::optional<std::string> version;
  std::optional<std::string> timeout;
};

// Nothing at all where one part is not well-formed, as net/url's ParseQuery.
Parameters read_parameters(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const std::string_view part = take_until(query, '&');
    if (part.empty()) continue;
    std::string_view escaped_value = part;
    const auto key = query_unescaped(take_until(escaped_value, '='));
    auto value = query_unescaped(escaped_value);
    if (part.find(';') != std::string_view::npos || !key || !value) return {};
    std::optional<std::string>* const parameter = *key == "ref"       ? &parameters.ref
                                                  : *key == "version" ? &parameters.version
                                                  : *key == "timeout" ? &parameters.timeout
                                                                      : nullptr;
    if (parameter != nullptr && !*parameter) *parameter = std::move(value);
  }
  return parameters;
}

std::string ref_of(Parameters parameters) {
  std::string ref = std::move(parameters.ref).value_or("");
  return ref.empty() ? std::move(parameters.version).value_or("") : ref;
}

// Seconds, or a duration as Go writes it. Rounded up: none at all is not meant.
std::optional<std::chrono::seconds> timeout_of(const Parameters& parameters) {
  if (!parameters.timeout) return std::nullopt;
  const std::string& text = *parameters.timeout;
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number > 0) {
    return std::chrono::seconds(number);
  }
  const Result<Duration> duration = parse_duration(text);
  if (!duration || *duration <= Duration::zero()) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(*duration);
}

std::string_view query_of(std::string_view text) {
  return text.substr(std::min(text.find('?'), text.size() - 1) + 1);
}

}  // namespace

std::optional<RemoteBase> parse_remote_base(std::string_view text) {
  if (text.empty() || text.size() > remote_length_max || text.starts_with('/')) return std::nullopt;
  std::string_view rest = text.substr(0, text.find('?'));
  const std::optional<std::string> host = take_host(rest);
  if (!host) return std::nullopt;
  std::optional<Halves> halves = split_at_mark(rest);
  if (!halves) {
    halves =
        host->starts_with(file_scheme) ? Halves(rest, std::string_view()) : split_after_two(rest);
  }
  if (!halves || halves->first.empty()) return std::nullopt;
  std::string_view folder = halves->second;
  while (folder.starts_with('/')) folder.remove_prefix(1);
  Result<RelativePath> path = RelativePath::parse(folder);
  if (!path) return std::nullopt;
  const Parameters parameters = read_parameters(query_of(text));
  return RemoteBase{.repository = *host + std::string(halves->first),
                    .path = std::move(*path),
                    .ref = ref_of(parameters),
                    .timeout = timeout_of(parameters)};
}

bool is_remote_file(std::string_view text) {
  std::string_view rest = text;
  if (text.size() > remote_length_max) return false;
  if (!take_prefix(rest, "https:") && !take_prefix(rest, "http:")) return false;
  // What net/url refuses to take for a URL.
  const auto is_control = [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; };
  return std::ranges::none_of(text, is_control) && query_unescaped(text.substr(0, text.find('?')));
}

bool has_ref(std::string_view text) {
  return !text.empty() && !ref_of(read_parameters(query_of(text))).empty();
}

std::string shown_remote(std::string_view text) {
  std::string line = plain_line(text);
  const std::size_t begin = line.find("://");
  if (begin == std::string::npos) return line;
  const std::size_t at = line.substr(0, line.find('/', begin + 3)).rfind('@');
  if (at == std::string::npos || at < begin) return line;
  const bool is_secret = !line.starts_with("ssh") ||
                         line.substr(begin + 3, at - begin - 3).find(':') != std::string::npos;
  if (is_secret) line.replace(begin + 3, at - begin - 3, "***");
  return line;
}

}  // namespace primocane

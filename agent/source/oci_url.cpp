// SPDX-License-Identifier: Apache-2.0
#include "source/oci_url.hpp"

#include "base/sha256.hpp"
#include "base/take_until.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view oci_scheme = "oci://";
constexpr std::string_view digest_prefix = "sha256:";
constexpr std::string_view docker_alias = "docker.io";
constexpr std::string_view docker_registry = "index.docker.io";
constexpr std::size_t repository_size_max = 255;
constexpr std::size_t registry_size_max = 255;

constexpr bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
constexpr bool is_word(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

std::unexpected<Error> no_oci_url(std::string_view what) {
  return fail(ErrorKind::invalid, fmt::format("is no oci://REGISTRY/REPOSITORY: {}", what));
}

// "name:5000", "10.0.0.1", "[fd00::1]:5000".
Result<void> check_registry(std::string_view registry) {
  std::string_view host = registry.substr(0, registry.rfind(':'));
  if (registry.starts_with('[')) {
    const std::size_t end = registry.find(']');
    if (end == std::string_view::npos) return no_oci_url("its registry is no host");
    host = registry.substr(0, end + 1);
  }
  std::string_view port = registry.substr(host.size());
  const bool is_host =
      !host.empty() && registry.size() <= registry_size_max && host.front() != '-' &&
      (host.front() == '['
           ? std::ranges::all_of(host.substr(1, host.size() - 2),
                                 [](char c) { return is_word(c) || c == ':' || c == '.'; })
           : std::ranges::all_of(host, [](char c) { return is_word(c) || c == '-' || c == '.'; }));
  if (!is_host) return no_oci_url("its registry is no host");
  if (port.empty()) return {};
  if (port.front() != ':') return no_oci_url("its registry is no host");
  port.remove_prefix(1);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number == 0) {
    return no_oci_url("its registry's port is no number");
  }
  return {};
}

Result<void> check_repository(std::string_view repository) {
  const auto is_allowed = [](char c) {
    return is_lower_or_digit(c) || c == '_' || c == '-' || c == '.' || c == '/';
  };
  if (repository.empty()) return no_oci_url("its repository is missing");
  if (const std::size_t at = repository.find_first_of(":@"); at != std::string_view::npos) {
    return no_oci_url(fmt::format("remove \"{}\": tags and digests are set in spec.ref",
                                  printable(repository.substr(at), 100)));
  }
  if (repository.size() > repository_size_max || !std::ranges::all_of(repository, is_allowed)) {
    return no_oci_url(fmt::format(
        "its repository may have {} characters of a-z, 0-9, _, -, . and /", repository_size_max));
  }
  while (!repository.empty()) {
    const std::string_view part = take_until(repository, '/');
    if (part.empty() || part == "." || part == "..") {
      return no_oci_url("a part of its repository is empty or made of dots");
    }
  }
  return {};
}

std::optional<std::array<unsigned, 4>> ipv4_of(std::string_view host) {
  std::array<unsigned, 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool is_last = i + 1 == bytes.size();
    if (!is_last && !host.contains('.')) return std::nullopt;
    const std::string_view part = is_last ? host : take_until(host, '.');
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), bytes[i]);
    if (error != std::errc() || end != part.data() + part.size() || bytes[i] > 255) {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace

Result<OciUrl> OciUrl::parse(std::string_view text) {
  if (!text.starts_with(oci_scheme)) return no_oci_url("it begins otherwise");
  std::string_view rest = text.substr(oci_scheme.size());
  while (rest.ends_with('/')) rest.remove_suffix(1);
  OciUrl url;
  url.text_ = fmt::format("{}{}", oci_scheme, rest);
  const std::string_view first = rest.substr(0, rest.find('/'));
  // Names without a registry are Docker's, as in pkg/name's NewRepository.
  const bool names_registry =
      first.size() < rest.size() &&
      (first == "localhost" || first.find_first_of(".:") != std::string_view::npos);
  if (first.contains('@')) return no_oci_url("credentials are set in spec.secretRef");
  // Docker's registry has no repository of such a name.
  if (first.size() == rest.size() && first.contains('.') && !first.contains(':')) {
    return no_oci_url("its repository is missing");
  }
  if (names_registry) {
    url.registry_ = first;
    rest.remove_prefix(first.size() + 1);
    TRY(check_registry(first));
  }
  TRY(check_repository(rest));
  if (url.registry_.empty() || url.registry_ == docker_alias) url.registry_ = docker_registry;
  url.repository_ = rest;
  if (url.registry_ == docker_registry && !rest.contains('/')) {
    url.repository_ = fmt::format("library/{}", rest);
  }
  return url;
}

bool OciUrl::is_near() const {
  std::string_view host = registry_;
  if (host.starts_with('[')) return host.starts_with("[::1]");
  host = host.substr(0, host.find(':'));
  if (host == "localhost" || host.ends_with(".local") || host.ends_with(".localhost")) return true;
  const auto ip = ipv4_of(host);
  if (!ip) return false;
  const auto [a, b, c, d] = *ip;
  return a == 127 || a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168);
}

Result<OciUrl> OciUrl::below(std::string_view name) const {
  return parse(fmt::format("{}/{}", text_, name));
}

Result<OciDigest> OciDigest::parse(std::string_view text) {
  constexpr std::size_t digits = 64;
  const bool is_digest =
      text.starts_with(digest_prefix) && text.size() == digest_prefix.size() + digits &&
      text.find_first_not_of("0123456789abcdef", digest_prefix.size()) == std::string_view::npos;
  if (is_digest) return OciDigest(std::string(text));
  return fail(ErrorKind::invalid, fmt::format("\"{}\" is no digest: expected sha256: and {} digits",
                                              printable(text, 100), digits));
}

OciDigest OciDigest::of(std::string_view content) {
  return OciDigest(std::string(digest_prefix) + to_hex(sha256(content)));
}

std::string_view OciDigest::hex() const {
  return std::string_view(text_).substr(digest_prefix.size());
}

bool is_oci_tag(std::string_view text) {
  constexpr std::size_t tag_size_max = 128;
  return !text.empty() && text.size() <= tag_size_max && is_word(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

}  // namespace primocane

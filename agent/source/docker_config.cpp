// SPDX-License-Identifier: Apache-2.0
#include "source/docker_config.hpp"

#include "base/base64.hpp"
#include "base/percent_encoding.hpp"
#include "base/take_until.hpp"
#include "base/trimmed.hpp"
#include "document/json.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"
#include "source/registry_auth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view docker_config_key = ".dockerconfigjson";
constexpr std::string_view old_docker_config_key = ".dockercfg";
constexpr ByteCount docker_config_max{1024UL * 1024};

// A host with its port, and a path with its slash, as keys of a configuration and images have them.
struct LoginPlace {
  std::string_view host;
  std::string_view port;
  std::string_view path;
};

LoginPlace place_of(std::string_view text) {
  LoginPlace place;
  const std::size_t slash = std::min(text.find('/'), text.size());
  place.path = text.substr(slash);
  std::string_view authority = text.substr(0, slash);
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && !authority.ends_with(']');
  place.host = authority.substr(0, has_port ? colon : authority.size());
  if (has_port) place.port = authority.substr(colon + 1);
  return place;
}

// A key without what is not compared: the scheme, and the version that its path may begin with.
std::string comparable_key(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  }
  const std::size_t slash = std::min(key.find('/'), key.size());
  std::string_view path = key.substr(slash);
  if (path.starts_with("/v1/") || path.starts_with("/v2/")) path.remove_prefix(3);
  return fmt::format("{}{}", key.substr(0, slash), path == "/" ? std::string_view() : path);
}

// Whether `text` is what `pattern` says, in which "*" stands for any characters.
bool is_globbed(std::string_view pattern, std::string_view text) {
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

// urlsMatch of pkg/authn/kubernetes: part by part of the host's name.
bool fits(std::string_view key, const LoginPlace& image) {
  LoginPlace place = place_of(key);
  if (place.host == "docker.io") place.host = "index.docker.io";
  if (place.port != image.port || !image.path.starts_with(place.path)) return false;
  std::string_view pattern = place.host;
  std::string_view host = image.host;
  if (std::ranges::count(pattern, '.') != std::ranges::count(host, '.')) return false;
  while (!pattern.empty() || !host.empty()) {
    if (!is_globbed(take_until(pattern, '.'), take_until(host, '.'))) return false;
  }
  return true;
}

Result<RegistryLogin> read_login(const Value& value) {
  RegistryLogin login{.username = std::string(value.text_at("username")),
                      .password = std::string(value.text_at("password")),
                      .identity_token = std::string(value.text_at("identitytoken")),
                      .registry_token = std::string(value.text_at("registrytoken"))};
  const std::string_view encoded = value.text_at("auth");
  if (encoded.empty() || !login.username.empty()) return login;
  const Result<std::string> decoded = from_base64(encoded);
  if (!decoded || !decoded->contains(':')) {
    return fail(ErrorKind::invalid, "\"auth\" is no base64 of NAME:PASSWORD");
  }
  std::string_view password = *decoded;
  login.username = take_until(password, ':');
  login.password = password;
  return login;
}

}  // namespace

std::string text_in(const SecretData& secret, std::string_view key) {
  const auto found = secret.find(std::string(key));
  return found == secret.end() ? std::string() : found->second;
}

std::string text_in(const SecretData& secret, std::string_view key, std::string_view old_key) {
  std::string text = text_in(secret, key);
  return text.empty() ? text_in(secret, old_key) : text;
}

Result<std::optional<RegistryLogin>> read_docker_config(std::string_view text,
                                                        const OciUrl& repository) {
  // The reader's own message might hold a part of the text.
  const Result<Value> config =
      read_json(text, "docker configuration", {.bytes = docker_config_max, .depth = 10});
  if (!config || !config->is_object()) {
    return fail(ErrorKind::invalid, "the docker configuration is no JSON mapping");
  }
  // The older form is what stands under "auths" in the newer one.
  const Value* const named = config->find("auths");
  const Object* const logins = (named != nullptr ? *named : *config).as_object();
  if (logins == nullptr) {
    return fail(ErrorKind::invalid, "\"auths\" of the docker configuration is no mapping");
  }
  const std::string image = fmt::format("{}/{}", repository.registry(), repository.repository());
  const LoginPlace place = place_of(image);
  std::string best;
  const Value* found = nullptr;
  for (const auto& [key, value] : *logins) {
    std::string comparable = comparable_key(key);
    if (!fits(comparable, place) || (found != nullptr && comparable <= best)) continue;
    best = std::move(comparable);
    found = &value;
  }
  if (found == nullptr) return std::nullopt;
  const Result<RegistryLogin> login = read_login(*found);
  if (login) return *login;
  return std::unexpected(
      with_context(fmt::format("the docker configuration's entry for {}", repository.registry()),
                   login.error()));
}

Result<RegistryLogin> registry_login(std::span<const SecretData> secrets,
                                     const OciUrl& repository) {
  for (const SecretData& secret : secrets) {
    const std::string config = text_in(secret, docker_config_key, old_docker_config_key);
    if (!config.empty()) {
      const std::optional<RegistryLogin> login = TRY(read_docker_config(config, repository));
      if (login) return *login;
      continue;
    }
    RegistryLogin login{.username = text_in(secret, "username"),
                        .password = text_in(secret, "password"),
                        .identity_token = {},
                        .registry_token = {}};
    if (login.username.empty() || login.password.empty()) {
      return fail(ErrorKind::invalid,
                  fmt::format("the Secret of the login has neither {} nor username and password",
                              docker_config_key));
    }
    return login;
  }
  return RegistryLogin{};
}

Result<void> add_certificates(const SecretData& secret, TlsSettings& tls) {
  const std::string authority = text_in(secret, "ca.crt", "caFile");
  const std::string certificate = text_in(secret, "tls.crt", "certFile");
  const std::string key = text_in(secret, "tls.key", "keyFile");
  if (certificate.empty() != key.empty()) {
    return fail(ErrorKind::invalid,
                "the Secret of the certificates has one of tls.crt and "
                "tls.key: expected both or none");
  }
  if (authority.empty() && certificate.empty()) {
    return fail(ErrorKind::invalid,
                "the Secret of the certificates has neither ca.crt nor tls.crt and tls.key");
  }
  if (!authority.empty()) tls.ca_pem = authority;
  if (!certificate.empty()) tls.certificate_pem = certificate;
  if (!key.empty()) tls.key_pem = key;
  return {};
}

Result<std::string> proxy_of_secret(const SecretData& secret) {
  std::string address(trimmed(text_in(secret, "address")));
  const std::size_t scheme_end = address.find("://");
  if (scheme_end == std::string::npos || address.contains('@')) {
    return fail(ErrorKind::invalid,
                "the Secret of the proxy has no \"address\" that is a URL "
                "without credentials");
  }
  const std::string username = text_in(secret, "username");
  if (username.empty()) return address;
  const std::size_t host = scheme_end + 3;
  return fmt::format("{}{}:{}@{}", address.substr(0, host), percent_encoded(username),
                     percent_encoded(text_in(secret, "password")), address.substr(host));
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "source/registry_auth.hpp"

#include "base/percent_encoding.hpp"
#include "http/url_origin.hpp"
#include "source/oci_manifest.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view token_client = "primocane";

std::string default_scope(const std::string& repository) {
  return fmt::format("repository:{}:pull", repository);
}

}  // namespace

RegistryAuth::RegistryAuth(RegistryLogin login, std::string repository, RegistrySecurity security)
    : login_(std::move(login)),
      repository_(std::move(repository)),
      security_(security),
      token_(login_.registry_token) {
  if (!token_.empty()) way_ = Way::bearer;
  token_end_ = SteadyTime::max();
}

Result<void> RegistryAuth::sign(HttpRequest& request) const {
  const bool is_secret = way_ == Way::basic || (way_ == Way::bearer && !login_.is_anonymous());
  if (is_secret && security_ == RegistrySecurity::required && !request.url.starts_with("https:")) {
    return fail(ErrorKind::denied,
                "the registry speaks HTTP without TLS, so everybody on the way "
                "could read the login: set spec.insecure if it may be sent");
  }
  if (way_ == Way::bearer) request.bearer_token = token_;
  if (way_ == Way::basic) {
    request.username = login_.username;
    request.password = login_.password;
  }
  return {};
}

Result<bool> RegistryAuth::take_challenge(const HttpResponse& response) {
  const bool was_told = way_ == Way::basic || (way_ == Way::bearer && challenge_.scheme.empty());
  std::optional<AuthChallenge> basic;
  for (const HttpHeader& header : response.headers) {
    if (header.name != "WWW-Authenticate") continue;
    for (AuthChallenge& challenge : read_challenges(header.value)) {
      if (challenge.scheme == "bearer" && !challenge.parameter("realm").empty()) {
        if (was_told) return false;
        way_ = Way::bearer;
        challenge_ = std::move(challenge);
        token_.clear();  // it has run out, or there was none
        return true;
      }
      if (challenge.scheme == "basic" && !basic) basic = std::move(challenge);
    }
  }
  if (!basic) {
    return fail(ErrorKind::denied,
                "the registry wants a login and does not say which way it takes it");
  }
  if (was_told || login_.username.empty()) return false;
  way_ = Way::basic;
  return true;
}

bool RegistryAuth::needs_token(SteadyTime now) const {
  return way_ == Way::bearer && (token_.empty() || now >= token_end_);
}

Result<HttpRequest> RegistryAuth::token_request() const {
  const std::string realm = challenge_.parameter("realm");
  const Result<UrlOrigin> origin = origin_of(realm);
  if (!origin) {
    return fail(ErrorKind::denied, fmt::format("the registry names a token server that is {}",
                                               origin.error().message));
  }
  if (origin->scheme != "https" && security_ == RegistrySecurity::required) {
    return fail(ErrorKind::denied,
                fmt::format("the registry names the token server {}, which has no TLS: set "
                            "spec.insecure if it may be told the login",
                            to_string(*origin)));
  }
  const std::string named = challenge_.parameter("scope");
  const std::string scope = named.empty() ? default_scope(repository_) : named;
  if (!login_.identity_token.empty()) return identity_request(scope);
  HttpRequest request;
  request.url =
      fmt::format("{}{}scope={}", realm, realm.contains('?') ? '&' : '?', percent_encoded(scope));
  const std::string service = challenge_.parameter("service");
  if (!service.empty()) request.url += fmt::format("&service={}", percent_encoded(service));
  request.username = login_.username;
  request.password = login_.password;
  return request;
}

HttpRequest RegistryAuth::identity_request(const std::string& scope) const {
  HttpRequest request;
  request.method = "POST";
  request.url = challenge_.parameter("realm");
  request.headers = {"Content-Type: application/x-www-form-urlencoded"};
  request.body =
      fmt::format("grant_type=refresh_token&client_id={}&service={}&scope={}&refresh_token={}",
                  token_client, percent_encoded(challenge_.parameter("service")),
                  percent_encoded(scope), percent_encoded(login_.identity_token));
  return request;
}

Result<void> RegistryAuth::take_token(const HttpResponse& response, SteadyTime now) {
  if (!response.is_success()) {
    const bool is_busy = response.status == 429 || response.status >= 500;
    const std::string_view advice = login_.is_anonymous()
                                        ? "it may want a login: set spec.secretRef"
                                        : "look at the login in the Secret of spec.secretRef";
    return fail(is_busy ? ErrorKind::unavailable : ErrorKind::denied,
                fmt::format("the token server answers with status {}{}", response.status,
                            is_busy ? std::string() : fmt::format(": {}", advice)));
  }
  RegistryToken token = TRY(read_registry_token(response.body));
  token_ = std::move(token.token);
  // A little early, so that it does not run out on its way.
  constexpr std::chrono::seconds margin(5);
  token_end_ = now + std::chrono::seconds(token.good_for_s) - margin;
  return {};
}

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "source/http_status.hpp"

#include "source/printable.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

std::string said(const HttpResponse& response) {
  const std::string body = printable(response.body, 200);
  const bool is_page = response.content_type.starts_with("text/html") || body.empty();
  return is_page ? fmt::format("status {}", response.status)
                 : fmt::format("status {}, \"{}\"", response.status, body);
}

std::string after(const HttpResponse& response) {
  return response.retry_after
             ? fmt::format("; it asks to come back in {} s", response.retry_after->count())
             : std::string();
}

}  // namespace

std::optional<Error> git_http_error(const HttpResponse& response, const CredentialNames& names) {
  const int status = response.status;
  if (status >= 200 && status < 300) return std::nullopt;
  if (status == 401 || status == 403) {
    return Error{ErrorKind::denied, "the server does not accept our credentials (" +
                                        said(response) + "): look at " + names.all};
  }
  if (status == 404 || status == 410) {
    return Error{ErrorKind::denied,
                 "there is no such repository, or these credentials may not see it (" +
                     said(response) + ")"};
  }
  if (status == 407) {
    return Error{ErrorKind::denied,
                 "the proxy wants other credentials (status 407): look at " + names.proxy};
  }
  if (status == 429) {
    return Error{ErrorKind::unavailable,
                 "the server has had too many requests (status 429)" + after(response)};
  }
  if (status >= 300 && status < 400) {
    return Error{ErrorKind::unavailable,
                 fmt::format("the repository has moved to {}", printable(response.redirect_url))};
  }
  const ErrorKind kind = status >= 500 ? ErrorKind::unavailable : ErrorKind::invalid;
  return Error{kind, fmt::format("the server answers with {}{}", said(response), after(response))};
}

Result<GitUrl> followed_redirect(const GitUrl& url, const std::string& target,
                                 std::string_view greeting_path) {
  const std::string shown = printable(target.substr(0, target.find('?')));
  const auto refuse = [&](std::string_view reason) {
    return fail(ErrorKind::denied,
                fmt::format("{} redirects to {}, {}: if that is right, set git.url", url.str(),
                            shown, reason));
  };
  if (!target.ends_with(greeting_path)) return refuse("which is no repository");
  const Result<GitUrl> moved =
      GitUrl::parse(std::string_view(target).substr(0, target.size() - greeting_path.size()));
  if (!moved) return refuse("which is no repository");
  if (!url.may_redirect_to(*moved)) return refuse("another host or a less secure way");
  return *moved;
}

}  // namespace primocane

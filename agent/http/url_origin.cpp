// SPDX-License-Identifier: Apache-2.0
#include "http/url_origin.hpp"

#include "base/letter_case.hpp"
#include "http/curl_handles.hpp"

#include <fmt/format.h>

namespace primocane {

namespace {

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  const CurlText owned(text);
  return text;
}

}  // namespace

std::string to_string(const UrlOrigin& origin) {
  return fmt::format("{}://{}:{}", origin.scheme, origin.host, origin.port);
}

Result<UrlOrigin> origin_of(const std::string& url) {
  const CurlUrl parsed(curl_url());
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0);
  if (code != CURLUE_OK) {
    return fail(ErrorKind::invalid, fmt::format("not a URL: {}", curl_url_strerror(code)));
  }
  UrlOrigin origin{.scheme = in_lower_case(part_of(parsed.get(), CURLUPART_SCHEME)),
                   .host = in_lower_case(part_of(parsed.get(), CURLUPART_HOST)),
                   .port = part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  if (origin.scheme != "http" && origin.scheme != "https") {
    return fail(ErrorKind::invalid,
                fmt::format("a URL of scheme {}: expected https or http", origin.scheme));
  }
  if (origin.host.empty()) return fail(ErrorKind::invalid, "a URL without a host");
  return origin;
}

Result<std::string> resolved_url(const std::string& base, const std::string& reference) {
  if (reference.contains("://")) return reference;
  const CurlUrl parsed(curl_url());
  CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, base.c_str(), 0);
  const std::string query = part_of(parsed.get(), CURLUPART_QUERY);
  const std::string path = part_of(parsed.get(), CURLUPART_PATH);
  if (!path.ends_with('/')) {
    curl_url_set(parsed.get(), CURLUPART_PATH, (path + '/').c_str(), 0);
  }
  if (code == CURLUE_OK) code = curl_url_set(parsed.get(), CURLUPART_URL, reference.c_str(), 0);
  if (code != CURLUE_OK) {
    return fail(ErrorKind::invalid, fmt::format("not a URL: {}", curl_url_strerror(code)));
  }
  curl_url_set(parsed.get(), CURLUPART_QUERY, query.empty() ? nullptr : query.c_str(), 0);
  return part_of(parsed.get(), CURLUPART_URL);
}

std::string with_host(const std::string& url, const std::string& host) {
  const CurlUrl parsed(curl_url());
  curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0);
  curl_url_set(parsed.get(), CURLUPART_HOST, host.c_str(), 0);
  return part_of(parsed.get(), CURLUPART_URL);
}

}  // namespace primocane

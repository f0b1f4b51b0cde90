// SPDX-License-Identifier: Apache-2.0
// The options of libcurl that make a request what was asked for.
#pragma once

#include "base/error.hpp"
#include "http/curl_handles.hpp"
#include "http/http_client.hpp"
#include "http/url_origin.hpp"

#include <string>

namespace primocane {

/// Lists that must live as long as the handle they are set on.
struct CurlLists {
  CurlList headers;
  CurlList connect_to;
};

/// Sets on `easy` what `request` and `tls` (both must outlive it) say. `invalid` where libcurl
/// does not take a value.
[[nodiscard]] Result<CurlLists> set_request_options(CURL* easy, const HttpRequest& request,
                                                    const TlsSettings& tls, HttpVersion version,
                                                    const UrlOrigin& origin);

}  // namespace primocane

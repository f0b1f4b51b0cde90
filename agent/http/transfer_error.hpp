// SPDX-License-Identifier: Apache-2.0
// What it means that libcurl could not complete a transfer.
#pragma once

#include "base/error.hpp"
#include "http/url_origin.hpp"

#include <curl/curl.h>

#include <string_view>

namespace primocane {

/// What is known about a transfer that failed.
struct TransferFailure {
  CURLcode code = CURLE_OK;
  int os_error = 0;          ///< errno of the last connect, or 0
  std::string_view details;  ///< libcurl's own words, "" if it had none
  std::string_view proxy;    ///< URL, perhaps with a password; "" for none
  bool is_answer_begun = false;
};

/// The peer, or something between, ended a connection that was there.
[[nodiscard]] bool is_broken_connection(CURLcode code);

/// The Error for it: `denied` for a certificate that does not hold, `invalid` for what only another
/// configuration changes, else `unavailable`. The message names `origin`, never the URL, and the
/// proxy without its password.
[[nodiscard]] Error to_error(const TransferFailure& failure, const UrlOrigin& origin);

}  // namespace primocane

// SPDX-License-Identifier: Apache-2.0
#include "http/transfer_error.hpp"

#include "base/os_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace primocane {

namespace {

std::string words_of(const TransferFailure& failure) {
  if (!failure.details.empty()) return std::string(failure.details);
  return curl_easy_strerror(failure.code);
}

// mbedTLS's words for a certificate that is not valid yet; on a board without a battery the clock
// is the likelier culprit.
std::string hint_for(std::string_view details) {
  if (details.find("starts in the future") != std::string_view::npos) {
    return "; is this machine's clock right?";
  }
  if (details.find("not correctly signed by the trusted CA") != std::string_view::npos) {
    return "; does the configured CA belong to this server?";
  }
  // TLS 1.3 refuses a client only after the handshake, and mbedTLS does not tell the alert.
  if (details.find("fatal alert") != std::string_view::npos) {
    return "; does it want a client certificate, or another one?";
  }
  return {};
}

// "the proxy proxy.example.org:3128"
std::string proxy_of(const TransferFailure& failure) {
  std::string_view address = failure.proxy;
  if (const std::size_t scheme = address.find("://"); scheme != std::string_view::npos) {
    address.remove_prefix(scheme + 3);
  }
  // A password may hold a slash, so what precedes the "@" goes first.
  if (const std::size_t at = address.rfind('@'); at != std::string_view::npos) {
    address.remove_prefix(at + 1);
  }
  return fmt::format("the proxy {}", address.substr(0, address.find('/')));
}

// A proxy that answers, but not by a connection to the server (RFC 9110 9.3.6).
bool is_proxy_refusal(const TransferFailure& failure) {
  return !failure.proxy.empty() && failure.details.starts_with("CONNECT tunnel failed");
}

Error proxy_refusal(const TransferFailure& failure, const UrlOrigin& origin) {
  if (failure.details.ends_with(" 407")) {
    return {ErrorKind::denied, fmt::format("{}: {} wants other credentials (status 407)",
                                           to_string(origin), proxy_of(failure))};
  }
  return {ErrorKind::unavailable, fmt::format("{}: {} does not connect us: {}", to_string(origin),
                                              proxy_of(failure), failure.details)};
}

Error certificate_error(const TransferFailure& failure, const UrlOrigin& origin) {
  return {ErrorKind::denied,
          fmt::format("{}: the server's certificate does not hold: {}{}", to_string(origin),
                      words_of(failure), hint_for(failure.details))};
}

Error connect_error(const TransferFailure& failure, const UrlOrigin& origin) {
  const std::string why =
      failure.os_error != 0 ? describe_errno(failure.os_error) : words_of(failure);
  const std::string whom = failure.proxy.empty() ? std::string() : " to " + proxy_of(failure);
  return {ErrorKind::unavailable,
          fmt::format("{}: cannot connect{}: {}", to_string(origin), whom, why)};
}

Error with_words(ErrorKind kind, std::string_view what, const TransferFailure& failure,
                 const UrlOrigin& origin) {
  return {kind, fmt::format("{}: {}: {}{}", to_string(origin), what, words_of(failure),
                            hint_for(failure.details))};
}

}  // namespace

bool is_broken_connection(CURLcode code) {
  constexpr std::array<CURLcode, 6> broken = {CURLE_SEND_ERROR,  CURLE_RECV_ERROR,
                                              CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE,
                                              CURLE_HTTP2,       CURLE_HTTP2_STREAM};
  return std::ranges::find(broken, code) != broken.end();
}

Error to_error(const TransferFailure& failure, const UrlOrigin& origin) {
  if (is_proxy_refusal(failure)) return proxy_refusal(failure, origin);
  // Only some of libcurl's hundred codes can occur here; the rest is a broken connection.
  switch (static_cast<int>(failure.code)) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return certificate_error(failure, origin);
    case CURLE_SSL_CACERT_BADFILE:
      return with_words(ErrorKind::invalid, "the CA certificates cannot be read", failure, origin);
    case CURLE_SSL_CERTPROBLEM:
      return with_words(ErrorKind::invalid, "the client certificate or its key cannot be read",
                        failure, origin);
    case CURLE_URL_MALFORMAT:
      return with_words(ErrorKind::invalid, "the URL is not usable", failure, origin);
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorKind::unavailable,
              fmt::format("{}: the name cannot be looked up (DNS)", to_string(origin))};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {ErrorKind::unavailable, fmt::format("{}: the name of {} cannot be looked up (DNS)",
                                                  to_string(origin), proxy_of(failure))};
    case CURLE_COULDNT_CONNECT:
      return connect_error(failure, origin);
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorKind::unavailable, fmt::format("{}: no connection in time", to_string(origin))};
    case CURLE_SSL_CONNECT_ERROR:
      return with_words(ErrorKind::unavailable, "TLS handshake failed", failure, origin);
    case CURLE_PROXY:
      return {ErrorKind::unavailable,
              fmt::format("{}: {} did not connect", to_string(origin), proxy_of(failure))};
    default:
      return with_words(ErrorKind::unavailable,
                        failure.is_answer_begun ? "the connection broke in the middle of the answer"
                                                : "the connection broke before an answer",
                        failure, origin);
  }
}

}  // namespace primocane

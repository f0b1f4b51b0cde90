// SPDX-License-Identifier: Apache-2.0
#include "http/curl_options.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/socket.h>

namespace primocane {

namespace {

// A peer that vanished (power cut, cable) acknowledges nothing; without this the kernel tries for a
// quarter of an hour and every request on the connection waits for it.
constexpr unsigned unacknowledged_ms_max = 20'000;

// The same of a connection on which we only listen: it is asked for a sign of life.
constexpr long quiet_seconds = 30;
constexpr long seconds_between_probes = 10;

// Sets options until one is refused and remembers which.
class Options {
 public:
  explicit Options(CURL* easy) : easy_(easy) {}

  template <typename T>
  void set(CURLoption option, T value) {
    if (code_ == CURLE_OK) code_ = curl_easy_setopt(easy_, option, value);
  }
  // Text that libcurl copies; nothing where it is empty.
  void set_text(CURLoption option, const std::string& text) {
    if (!text.empty()) set(option, text.c_str());
  }
  // PEM that outlives the handle. The length counts the NUL, which mbedTLS wants to see.
  void set_pem(CURLoption option, const std::string& pem) {
    curl_blob blob{.data = const_cast<char*>(pem.data()),  // only read
                   .len = pem.size() + 1,
                   .flags = CURL_BLOB_NOCOPY};
    set(option, &blob);
  }
  [[nodiscard]] Result<void> outcome() const {
    if (code_ == CURLE_OK) return {};
    return fail(ErrorKind::invalid,
                fmt::format("cannot be requested: {}", curl_easy_strerror(code_)));
  }

 private:
  CURL* easy_;
  CURLcode code_ = CURLE_OK;
};

int on_socket(void* /*unused*/, curl_socket_t socket, curlsocktype /*purpose*/) {
  const unsigned limit = unacknowledged_ms_max;
  // Only a comfort: a kernel without it has the longer time.
  (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
  return CURL_SOCKOPT_OK;
}

void append(CurlList& list, const std::string& line) {
  curl_slist* const shorter = list.release();
  list.reset(curl_slist_append(shorter, line.c_str()));
}

void set_method(Options& options, const HttpRequest& request) {
  if (request.method == "HEAD") {
    options.set(CURLOPT_NOBODY, 1L);
  } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    options.set(CURLOPT_POSTFIELDS, request.body.data());
  }
  if (request.method != "GET" || !request.body.empty()) {
    options.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void set_tls(Options& options, const TlsSettings& tls) {
  options.set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});  // and newer
  const bool is_proof_required = tls.server_proof == ServerProof::required;
  options.set(CURLOPT_SSL_VERIFYPEER, is_proof_required ? 1L : 0L);
  options.set(CURLOPT_SSL_VERIFYHOST, is_proof_required ? 2L : 0L);
  if (!tls.ca_pem.empty()) {
    options.set_pem(CURLOPT_CAINFO_BLOB, tls.ca_pem);
  } else {
    options.set_text(CURLOPT_CAINFO, tls.ca_file);
  }
  if (!tls.certificate_pem.empty()) {
    options.set_pem(CURLOPT_SSLCERT_BLOB, tls.certificate_pem);
  } else {
    options.set_text(CURLOPT_SSLCERT, tls.certificate_file);
  }
  if (!tls.key_pem.empty()) {
    options.set_pem(CURLOPT_SSLKEY_BLOB, tls.key_pem);
  } else {
    options.set_text(CURLOPT_SSLKEY, tls.key_file);
  }
}

void set_connection(Options& options, const HttpRequest& request, HttpVersion version) {
  const bool is_shared = version == HttpVersion::http2_one;
  options.set(CURLOPT_HTTP_VERSION, is_shared ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
  options.set(CURLOPT_PIPEWAIT, is_shared ? 1L : 0L);
  options.set(CURLOPT_CONNECTTIMEOUT_MS, request.connect_timeout.count());
  options.set(CURLOPT_NOSIGNAL, 1L);
  options.set(CURLOPT_TCP_KEEPALIVE, 1L);
  options.set(CURLOPT_TCP_KEEPIDLE, quiet_seconds);
  options.set(CURLOPT_TCP_KEEPINTVL, seconds_between_probes);
  options.set(CURLOPT_SOCKOPTFUNCTION, &on_socket);
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  // Set even when empty: that keeps the proxies of the environment out.
  options.set(CURLOPT_PROXY, request.proxy.c_str());
  options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

}  // namespace

Result<CurlLists> set_request_options(CURL* easy, const HttpRequest& request,
                                      const TlsSettings& tls, HttpVersion version,
                                      const UrlOrigin& origin) {
  CurlLists lists;
  Options options(easy);
  set_method(options, request);
  set_tls(options, tls);
  set_connection(options, request, version);

  for (const std::string& line : request.headers) append(lists.headers, line);
  append(lists.headers, "Expect:");  // a round trip before each body for nothing
  if (!request.bearer_token.empty()) {
    append(lists.headers, fmt::format("Authorization: Bearer {}", request.bearer_token));
  } else if (!request.username.empty() || !request.password.empty()) {
    options.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    options.set(CURLOPT_USERNAME, request.username.c_str());
    options.set(CURLOPT_PASSWORD, request.password.c_str());
  }
  if (tls.server_name.empty()) {
    options.set(CURLOPT_URL, request.url.c_str());
  } else {
    // libcurl checks the URL's host, so the URL names the certificate's and connects elsewhere.
    options.set(CURLOPT_URL, with_host(request.url, tls.server_name).c_str());
    append(lists.connect_to, fmt::format("::{}:{}", origin.host, origin.port));
    append(lists.headers, fmt::format("Host: {}:{}", origin.host, origin.port));
    options.set(CURLOPT_CONNECT_TO, lists.connect_to.get());
  }
  options.set(CURLOPT_HTTPHEADER, lists.headers.get());
  // Headers are for the server alone; a proxy gets none of them with its CONNECT.
  options.set(CURLOPT_HEADEROPT, CURLHEADER_SEPARATE);
  options.set(CURLOPT_ACCEPT_ENCODING, "gzip");
  TRY(options.outcome());
  return lists;
}

}  // namespace primocane

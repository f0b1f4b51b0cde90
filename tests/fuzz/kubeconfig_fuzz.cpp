// SPDX-License-Identifier: Apache-2.0
// Whatever a kubeconfig holds, reading it ends in an access that is safe to use, or in an error
// that names the file.
#include "cluster/kubeconfig.hpp"

#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace primocane;

namespace {

bool is_absolute_or_absent(const std::string& file) {
  return file.empty() || file.starts_with('/');
}

void check(const Result<ClusterAccess>& access) {
  if (!access) {
    require(access.error().kind == ErrorKind::invalid);
    require(access.error().message.starts_with("/etc/kube/config.yaml:"));
    return;
  }
  require(access->server.starts_with("https://") && !access->server.ends_with('/'));
  const TlsSettings& tls = access->tls;
  const bool has_certificate = !tls.certificate_pem.empty() || !tls.certificate_file.empty();
  const bool has_key = !tls.key_pem.empty() || !tls.key_file.empty();
  require(has_certificate == has_key);
  require(is_absolute_or_absent(tls.ca_file) && is_absolute_or_absent(tls.certificate_file));
  require(is_absolute_or_absent(tls.key_file) && is_absolute_or_absent(access->token_file));
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(read_kubeconfig(text, "/etc/kube/config.yaml"));
  check(read_kubeconfig(text, "/etc/kube/config.yaml", "default"));
  return 0;
}

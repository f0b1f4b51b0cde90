// SPDX-License-Identifier: Apache-2.0
// What registries, token servers and docker configurations say is read or refused, and nothing that
// is kept could be taken for something else in a request. The first byte chooses the reader.
#include "fuzz/require.hpp"
#include "source/auth_challenge.hpp"
#include "source/docker_config.hpp"
#include "source/oci_manifest.hpp"
#include "source/oci_url.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

using namespace primocane;

namespace {

void read_manifest(std::string_view text) {
  const auto content = read_oci_manifest(text);
  if (!content) {
    require(content.error().kind == ErrorKind::invalid);
    return;
  }
  if (const auto* manifest = std::get_if<OciManifest>(&*content)) {
    require(select_layer(*manifest, "").has_value() == !manifest->layers.empty());
  }
}

void read_challenge(std::string_view text) {
  for (const AuthChallenge& challenge : read_challenges(text)) {
    require(!challenge.scheme.empty());
    require(challenge.scheme.find_first_of(" =,\"") == std::string::npos);
  }
}

void read_url(std::string_view text) {
  const auto url = OciUrl::parse(text);
  if (!url) return;
  const std::string whole = url->registry() + "/" + url->repository();
  require(whole.find_first_of("@?# \r\n\\") == std::string::npos);
  require(whole.find("//") == std::string::npos && !whole.contains("/../"));
  (void)url->is_near();
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.empty()) return 0;
  const std::string_view text = input.substr(1);
  static const OciUrl repository = OciUrl::parse("oci://ghcr.io/org/app").value();
  switch (input.front()) {
    case 'm':
      read_manifest(text);
      break;
    case 'w':
      read_challenge(text);
      break;
    case 'd':
      (void)read_docker_config(text, repository);
      break;
    case 't':
      if (const auto tags = read_tag_list(text)) {
        require(std::ranges::all_of(*tags, [](const std::string& tag) { return is_oci_tag(tag); }));
      }
      break;
    case 'k':
      if (const auto token = read_registry_token(text)) {
        require(token->token.find_first_of("\r\n ") == std::string::npos);
      }
      break;
    case 'u':
      read_url(text);
      break;
    default:
      (void)registry_complaint(text);
      (void)read_chart_config(text);
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Whatever is configured as a URL, what is taken can't be read as an option by ssh, holds no
// password, and is taken again in the same way.
#include "source/git_url.hpp"

#include "fuzz/require.hpp"
#include "source/ref_name.hpp"
#include "source/ssh_command.hpp"

#include <cstdint>
#include <string_view>

using namespace primocane;

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (is_branch_name(text)) {
    require(text.find("..") == std::string_view::npos && !text.starts_with('/'));
  }
  const Result<GitUrl> url = GitUrl::parse(text);
  if (!url) {
    require(url.error().kind == ErrorKind::invalid);
    return 0;
  }
  require(!url->host().empty() && !url->host().starts_with('-') && !url->user().starts_with('-'));
  require(url->user().find(':') == std::string::npos);
  require(url->scheme() == GitScheme::ssh || url->user().empty());
  require(url->may_redirect_to(*url));
  require(GitUrl::parse(url->str()) == *url);
  GitSettings settings;
  settings.authentication.ssh_known_hosts = "/etc/known_hosts";
  const auto arguments = ssh_arguments(*url, settings);
  require(arguments.has_value() && arguments->at(arguments->size() - 3) == "--");
  return 0;
}

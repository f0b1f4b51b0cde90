// SPDX-License-Identifier: Apache-2.0
// Whatever is listed as a resource, what is taken for a repository names one and a folder in it,
// and what is refused as a need was never one.
#include "render/remote_base.hpp"

#include "fuzz/require.hpp"
#include "render/remote_exchange.hpp"
#include "source/git_url.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace primocane;

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::optional<RemoteBase> base = parse_remote_base(text);
  require(base == parse_remote_base(text));
  require(!is_remote_file(text) || text.find('\n') == std::string_view::npos);
  if (!base) return 0;
  require(!text.empty() && text.front() != '/');
  require(!base->repository.empty());
  require(RelativePath::parse(base->path.str()) == base->path);
  require(!base->timeout || base->timeout->count() > 0);
  require(base->ref.empty() || has_ref(text));
  require(!name_of_tree(*base).empty() && name_of_tree(*base) != name_of_file(text));
  // What is fetched is named by a URL that is checked once more.
  const Result<GitUrl> url = GitUrl::parse(base->repository);
  require(url || url.error().kind == ErrorKind::invalid);
  return 0;
}

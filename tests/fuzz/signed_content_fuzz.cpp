// SPDX-License-Identifier: Apache-2.0
// Whatever a commit or a tag is, nothing is made up when it is taken apart: what was signed and the
// signature are parts of it. Keys, whatever they are, become keys or are refused.
#include "source/signed_content.hpp"

#include "fuzz/require.hpp"
#include "source/git_verification.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace primocane;

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto commit = split_commit(text)) {
    require(commit->payload.size() + commit->signature.size() <= text.size());
    require(!commit->signature.empty() || text.contains("gpgsig") || commit->payload == text);
    const auto again = split_commit(commit->payload);
    require(again.has_value());
  }
  if (const auto tag = split_tag(text)) require(tag->payload + tag->signature == text);
  if (const auto keys = unarmored_keys(text)) require(!keys->empty() && keys->size() < size);
  if (const auto signers = allowed_signers_of(text)) {
    require(std::ranges::count(*signers, '\n') <= std::ranges::count(text, '\n') + 1);
  }
  return 0;
}

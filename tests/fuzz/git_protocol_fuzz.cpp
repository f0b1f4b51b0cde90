// SPDX-License-Identifier: Apache-2.0
// Whatever a server sends, each reader of Git's protocol ends in what was asked for or an error,
// and how the stream is cut makes no difference.
#include "fuzz/require.hpp"
#include "source/fetch_answer.hpp"
#include "source/git_greeting.hpp"
#include "source/pack_work.hpp"
#include "source/remote_refs.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace primocane;

namespace {

const std::vector<std::string>& names() {
  static const std::vector<std::string> wanted = {"refs/heads/main", "refs/tags/v1", "HEAD",
                                                  "refs/pull/"};
  return wanted;
}

std::string told(const RemoteRefs& refs) {
  std::string text;
  for (const auto& [name, ref] : refs) {
    require(is_ref_asked(names(), name));
    text += name + ref.commit.str();
    if (ref.tag) text += ref.tag->str();
  }
  return text;
}

std::string told(const Error& error) {
  // Words of strangers are fit to be printed.
  require(std::ranges::all_of(error.message, [](char c) { return c >= ' ' && c <= '~'; }));
  return "error: " + error.message;
}

// Feeds a reader in pieces; what it says at the end.
template <typename Reader, typename Finish>
std::string read(Reader reader, std::string_view bytes, std::size_t piece, Finish finish) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto added = reader.add(bytes.substr(at, piece));
    if (!added) return told(added.error());
    if constexpr (requires { added->size(); }) text += *added;
  }
  return text + (reader.is_complete() ? finish(reader) : "cut");
}

std::string read_all(int which, std::string_view bytes, std::size_t piece) {
  const auto refs = [](auto& reader) { return told(reader.take_refs()); };
  const auto shallow = [](FetchAnswerReader& reader) {
    return std::to_string(reader.shallow().size());
  };
  switch (which) {
    case 0:
      return read(LsRefsReader(names()), bytes, piece, refs);
    case 1:
      return read(GreetingReader(names()), bytes, piece, refs);
    case 2:
      return read(FetchAnswerReader(GitDialect::v2, true), bytes, piece, shallow);
    case 3:
      return read(FetchAnswerReader(GitDialect::v0, true), bytes, piece, shallow);
    default:
      return read(FetchAnswerReader(GitDialect::v0, false), bytes, piece, shallow);
  }
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (int which = 0; which < 5; ++which) {
    const std::string whole = read_all(which, bytes, std::max<std::size_t>(size, 1));
    // An error may come before or after the bytes that were good, so only good ends compare.
    if (!whole.starts_with("error")) require(read_all(which, bytes, 3) == whole);
  }
  const auto answer = read_pack_answer(bytes);
  if (answer) require(read_pack_answer(write_pack_answer(*answer)) == *answer);
  const auto request = read_pack_request(bytes);
  if (request) require(read_pack_request(write_pack_request(*request)) == *request);
  return 0;
}

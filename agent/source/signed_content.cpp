// SPDX-License-Identifier: Apache-2.0
#include "source/signed_content.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace primocane {

namespace {

constexpr std::string_view commit_signature = "gpgsig ";
// Made for the other hash: no part of what was signed, and nothing that we check.
constexpr std::string_view other_signature = "gpgsig-sha256 ";

Result<void> check_object_size(std::string_view object) {
  if (object.size() <= signed_object_max) return {};
  return fail(ErrorKind::invalid, fmt::format("is larger than the {} bytes whose signature is read",
                                              signed_object_max));
}

// The next line of `rest`, with its end.
std::string_view take_object_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::size_t size = end == std::string_view::npos ? rest.size() : end + 1;
  const std::string_view line = rest.substr(0, size);
  rest.remove_prefix(size);
  return line;
}

bool begins_signature(std::string_view line) {
  return line.starts_with("-----BEGIN PGP SIGNATURE-----") ||
         line.starts_with("-----BEGIN PGP MESSAGE-----") ||
         line.starts_with("-----BEGIN SIGNED MESSAGE-----") ||
         line.starts_with("-----BEGIN SSH SIGNATURE-----");
}

}  // namespace

Result<SignedContent> split_commit(std::string_view object) {
  TRY(check_object_size(object));
  SignedContent content;
  std::string ignored;
  std::string* field = &content.payload;
  std::string_view rest = object;
  while (!rest.empty() && rest.front() != '\n') {
    std::string_view line = take_object_line(rest);
    const bool continues = line.starts_with(' ');
    if (!continues) field = &content.payload;
    if (line.starts_with(other_signature)) field = &ignored;
    if (line.starts_with(commit_signature)) {
      if (!content.signature.empty()) {
        return fail(ErrorKind::invalid, "has several signatures: expected one");
      }
      field = &content.signature;
      line.remove_prefix(commit_signature.size());
    } else if (continues && field != &content.payload) {
      line.remove_prefix(1);
    }
    *field += line;
  }
  content.payload += rest;
  return content;
}

Result<SignedContent> split_tag(std::string_view object) {
  TRY(check_object_size(object));
  const std::size_t header_end = std::min(object.find("\n\n"), object.size());
  std::string_view rest = object.substr(header_end);
  std::size_t signed_end = object.size();
  while (!rest.empty()) {
    const std::size_t begin = object.size() - rest.size();
    // The last one, as git takes it.
    if (begins_signature(take_object_line(rest))) signed_end = begin;
  }
  return SignedContent{.payload = std::string(object.substr(0, signed_end)),
                       .signature = std::string(object.substr(signed_end))};
}

bool is_tag_of(std::string_view payload, const CommitId& commit) {
  return payload.starts_with(fmt::format("object {}\ntype commit\n", commit.str()));
}

}  // namespace primocane

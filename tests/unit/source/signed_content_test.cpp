// SPDX-License-Identifier: Apache-2.0
#include "source/signed_content.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {

TEST_CASE("what was signed of a commit is all but its signature") {
  const auto content = split_commit(
      "tree 1\nparent 2\ngpgsig -----BEGIN X-----\n \n a\n -----END X-----\nencoding b\n\n"
      "gpgsig of a message\n");
  REQUIRE(content.has_value());
  CHECK(content->payload == "tree 1\nparent 2\nencoding b\n\ngpgsig of a message\n");
  CHECK(content->signature == "-----BEGIN X-----\n\na\n-----END X-----\n");
}

TEST_CASE("a commit without a signature is signed by nobody, and what it merged stays in it") {
  const std::string text = "tree 1\nmergetag object 2\n type commit\n\nmessage\n gpgsig x\n";
  const auto content = split_commit(text);
  REQUIRE(content.has_value());
  CHECK(content->payload == text);
  CHECK(content->signature.empty());
}

TEST_CASE("a signature for the other hash is no part of what was signed") {
  const auto content = split_commit("tree 1\ngpgsig-sha256 a\n b\ngpgsig c\n\nm");
  REQUIRE(content.has_value());
  CHECK(content->payload == "tree 1\n\nm");
  CHECK(content->signature == "c\n");
}

TEST_CASE("a commit with two signatures, or too large, is refused") {
  CHECK(split_commit("tree 1\ngpgsig a\ngpgsig b\n\nm").error().kind == ErrorKind::invalid);
  const std::string large(signed_object_max + 1, 'x');
  CHECK(split_commit(large).error().kind == ErrorKind::invalid);
  CHECK(split_tag(large).error().kind == ErrorKind::invalid);
}

TEST_CASE("a tag's signature is what ends its message") {
  const std::string begin = "-----BEGIN SSH SIGNATURE-----\n";
  const std::string head = "object 1\ntype commit\ntag v1\n\nOne\n" + begin + "quoted\n";
  const auto content = split_tag(head + begin + "a\n");
  REQUIRE(content.has_value());
  CHECK(content->payload == head);
  CHECK(content->signature == begin + "a\n");
  CHECK(split_tag("object 1\n\nOne\n")->signature.empty());
  // Not in its header, where nobody has signed anything.
  CHECK(split_tag("object 1\n" + begin + "\nOne\n")->signature.empty());
}

TEST_CASE("a tag is of the commit that it names itself") {
  const std::string digits(40, 'a');
  const CommitId commit = CommitId::parse(digits).value();
  CHECK(is_tag_of("object " + digits + "\ntype commit\ntag v1\n\n", commit));
  CHECK_FALSE(is_tag_of("object " + digits + "\ntype tag\ntag v1\n\n", commit));
  CHECK_FALSE(is_tag_of("object " + std::string(40, 'b') + "\ntype commit\n", commit));
}

}  // namespace primocane

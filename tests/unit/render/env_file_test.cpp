// SPDX-License-Identifier: Apache-2.0
#include "render/env_file.hpp"

#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {
namespace {

// The pairs as "key>value;", or the message.
std::string read(std::string_view content) {
  const auto pairs = read_env_file(content, "app.env");
  if (!pairs) return pairs.error().message;
  std::string text;
  for (const KeyValue& pair : *pairs) text.append(pair.key + ">" + pair.value + ";");
  return text;
}

TEST_CASE("each line of an env file is a key and a value") {
  CHECK(read("A=1\nB=2\n") == "A>1;B>2;");
  CHECK(read("A=1\r\nB=2") == "A>1;B>2;");
  CHECK(read("").empty());
}

TEST_CASE("the value of an env file's line is all that stands behind the first sign") {
  CHECK(read("A= x =\"y\" #z ") == "A> x =\"y\" #z ;");
  CHECK(read("A =1") == "A >1;");
  CHECK(read("A=") == "A>;");
}

TEST_CASE("a key without a value is empty and never looked up in the environment") {
  CHECK(read("PATH\nHOME\n") == "PATH>;HOME>;");
}

TEST_CASE("comments, empty lines and those without a key are passed over") {
  CHECK(read("# a\n\n  \n\t# b\n=c\n =d\nA=1\n") == "A>1;");
}

TEST_CASE("white space of any script before a key is passed over") {
  CHECK(read(" \t\v\f\rA=1\n\u00A0\u2003\u3000B=2\n\u0085C=3") == "A>1;B>2;C>3;");
  CHECK(read("\u200BA=1") == "\u200BA>1;");
}

TEST_CASE("a byte order mark is passed over on the first line alone") {
  CHECK(read("\uFEFFA=1\n\uFEFFB=2\n") == "A>1;\uFEFFB>2;");
  CHECK(read("\uFEFF\nA=1").starts_with("A"));
}

TEST_CASE("a line that is not UTF-8 is refused where it stands") {
  CHECK(read("A=1\nB=\xFF\n").starts_with("app.env:2: "));
  CHECK(read("# \xC3\n").starts_with("app.env:1: "));
}

TEST_CASE("a line at which kustomize would stop reading is refused") {
  CHECK(read("A=" + std::string(65'533, 'x') + "\nB=1").ends_with("B>1;"));
  CHECK(read("B=1\nA=" + std::string(65'534, 'x')).starts_with("app.env:2: "));
}

TEST_CASE("a literal is a key and a value") {
  CHECK(read_literal("a=b").value() == KeyValue{"a", "b"});
  CHECK(read_literal("a=").value() == KeyValue{"a", ""});
  CHECK(read_literal(" a = b=c ").value() == KeyValue{" a ", " b=c "});
}

TEST_CASE("quotes around all of a literal's value are taken off once") {
  CHECK(read_literal("a=\"b\"").value().value == "b");
  CHECK(read_literal("a='b'").value().value == "b");
  CHECK(read_literal("a=\"\"b\"\"").value().value == "\"b\"");
  CHECK(read_literal("a=\"b'").value().value == "\"b'");
  CHECK(read_literal("a=\"").value().value == "\"");
  CHECK(read_literal("a=\"\"").value().value.empty());
}

TEST_CASE("a literal without key or sign is refused, and its text is not shown") {
  for (const std::string_view text : {"", "hunter2", "=hunter2"}) {
    const auto pair = read_literal(text);
    REQUIRE_FALSE(pair.has_value());
    CHECK(pair.error().kind == ErrorKind::invalid);
    CHECK(pair.error().message.find("hunter2") == std::string::npos);
  }
}

}  // namespace
}  // namespace primocane

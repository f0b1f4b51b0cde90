// SPDX-License-Identifier: Apache-2.0
// Specification of what is taken out of the API server's words about a Secret.
#include "cluster/secret_words.hpp"

#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

using namespace primocane;

namespace {

// A Secret as it is sent, with one value, escaped as JSON.
std::string sent_with(std::string_view key, std::string_view value) {
  return fmt::format(R"({{"kind":"Secret","stringData":{{"{}":"{}"}}}})", key, value);
}

}  // namespace

TEST_CASE("a value is masked as Go, JSON and Python escape it, even twice") {
  const auto seen = [](std::string_view words) {
    // Escaped as JSON on the wire: {"a":"Zürich 😀 <b>\n\"x\"\u0001"}
    return SecretWords(R"({"stringData":{"a":"Z\u00fcrich \ud83d\ude00 <b>\n\"x\"\u0001"}})",
                       fields_of_secrets())
        .masked(words);
  };
  CHECK(seen("raw Zürich 😀 <b>\n\"x\"\x01 end") == "raw *** end");
  CHECK(seen(R"(go "Zürich 😀 <b>\n\"x\"\x01" end)") == R"(go "***" end)");
  CHECK(seen(R"(go+ "Z\u00fcrich \U0001f600 <b>\n\"x\"\x01" end)") == R"(go+ "***" end)");
  CHECK(seen(R"(json "Z\u00fcrich \ud83d\uDE00 \u003cb\u003e\n\"x\"\u0001" end)") ==
        R"(json "***" end)");
  CHECK(seen(R"(twice "\"Zürich 😀 <b>\\n\\\"x\\\"\\x01\"" end)") == R"(twice "\"***\"" end)");
  CHECK(seen(R"(python 'Zürich 😀 <b>\n"x"\x01' end)") == "python '***' end");
}

TEST_CASE("each long line of a value is masked, and a short value without its line end") {
  const std::string sent = sent_with(
      "key", R"(-----BEGIN KEY-----\nMIIEvQIBADAN\r\n  indented: yes\nshort\n-----END KEY-----\n)");
  CHECK(SecretWords(sent, fields_of_secrets())
            .masked("PEM: -----BEGIN KEY-----, MIIEvQIBADAN,indented: yes.") ==
        "PEM: ***, ***,***.");
  CHECK(SecretWords(sent, fields_of_secrets()).masked("a short answer") == "a short answer");
  CHECK(
      SecretWords(sent, fields_of_secrets())
          .masked(
              R"(saw "-----BEGIN KEY-----\nMIIEvQIBADAN\r\n  indented: yes\nshort\n-----END KEY-----\n")") ==
      R"(saw "***")");
  CHECK(
      SecretWords(R"({"data":{"a":"aHVudGVyMgo="}})", fields_of_secrets()).masked("saw hunter2.") ==
      "saw ***.");
}

TEST_CASE("of another object only what is confidential is masked") {
  const std::string sent =
      R"({"kind":"Deployment","metadata":{"name":"web","labels":{"a":"label"}},)"
      R"("spec":{"open":"visible","hidden":["swordfish"]}})";
  const ConfidentialFields one{JsonPointer::parse("/spec/hidden").value()};
  CHECK(SecretWords(sent, one).masked("web: label, visible, swordfish") ==
        "web: label, visible, ***");
  const ConfidentialFields all(1);
  CHECK(SecretWords(sent, all).masked("web: label, visible, swordfish") == "web: ***, ***, ***");
  CHECK(SecretWords(sent, one).masked("Invalid value: \"x\"") == "Invalid value: \"***\"");
}

TEST_CASE("what is sent as plain text is masked in base64 too") {
  CHECK(SecretWords(sent_with("c", "swordfish!"), fields_of_secrets())
            .masked("saw c3dvcmRmaXNoIQ==") == "saw ***");
}

TEST_CASE("a quoted value that holds quotes is masked to its end") {
  CHECK(SecretWords(sent_with("c", R"(ab\"cdefgh)"), fields_of_secrets())
            .masked(R"(Invalid value: "ab"cdefgh": no)") == R"(Invalid value: "***": no)");
}

TEST_CASE("values that overlap are masked together") {
  const std::string sent = R"({"stringData":{"a":"swordfish","b":"fishbone","c":"sword"}})";
  CHECK(SecretWords(sent, fields_of_secrets()).masked("a swordfishbone, a sword") ==
        "a ***, a ***");
}

TEST_CASE("an answer that would take too long to look through is withheld") {
  const std::string withheld = "(withheld: too long to look for the Secret's values in it)";
  CHECK(SecretWords("{}", fields_of_secrets()).masked(std::string(100'000, 'x')) == withheld);
  std::string lines;
  for (int i = 0; i < 20'000; ++i) lines += fmt::format("line {:08}\\n", i);
  SecretWords many(sent_with("c", lines), fields_of_secrets());
  CHECK(many.masked("saw line 00000007") == "saw ***");
  CHECK(many.masked(std::string(50'000, 'x')) == withheld);
  CHECK(many.masked("saw line 00000007") == "saw ***");
}

TEST_CASE("masking survives any body") {
  for (const char* sent :
       {"", "[]", "{", R"({"data":7})", R"({"data":{"a":""},"stringData":[1]})"}) {
    CHECK(SecretWords(sent, fields_of_secrets()).masked("Invalid value: \"x") ==
          "Invalid value: \"***");
  }
  CHECK(SecretWords("", fields_of_secrets()).masked("Invalid value: ") == "Invalid value: ");
  for (const char* words :
       {"\\", "\\x", "\\xg0", "\\u12", "\\ud800", "\\ud800\\u0041", "\\UFFFFFFFF", "\xff\\\xff"}) {
    CHECK(SecretWords(sent_with("c", "swordfish"), fields_of_secrets()).masked(words) == words);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "secrets/age_file.hpp"

#include "base/base64.hpp"
#include "base/sha256.hpp"
#include "support/json_lines.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>

using namespace primocane;

namespace {

// Made for tests only.
constexpr std::string_view test_key =
    "AGE-SECRET-KEY-1RH87A5Z54ZGUR9S0AS3R6WHFSEFNPLYMAKF5Z2CEU7R06VRJ0A3Q7242AM";
constexpr std::string_view test_recipient =
    "age1l44xcng8dqj32nlv6d930qvvrny05hglzcv9qpc7kxjc6902ma4qufys29";

constexpr ByteCount vector_max(32 * 1024 * 1024);

std::string file_of(const Value& row) {
  std::string file;
  for (const Value& part : *row.find("parts")->as_array()) {
    const std::string bytes = from_base64(part.text_at("bytes")).value();
    const int count = std::atoi(part.find("count")->as_number()->text.c_str());
    for (int index = 0; index < count; ++index) file += bytes;
  }
  return file;
}

Identities identities_of(const Value& row) {
  Identities identities;
  for (const Value& key : *row.find("identities")->as_array()) {
    REQUIRE(identities.add(key.scalar_text(), "key").has_value());
  }
  return identities;
}

std::string_view outcome_of(const Result<SecretBytes>& plain) {
  if (plain) return "decrypted";
  return plain.error().kind == ErrorKind::denied ? "no match" : "error";
}

}  // namespace

TEST_CASE("a file of age becomes what age makes of it") {
  std::size_t decrypted = 0;
  std::size_t rows = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/age/cases.jsonl")) {
    CAPTURE(row.text_at("name"));
    ++rows;
    const auto plain = decrypt_age(file_of(row), identities_of(row), vector_max);
    CAPTURE(plain ? "" : plain.error().message);
    CHECK(outcome_of(plain) == row.text_at("outcome"));
    if (!plain) continue;
    ++decrypted;
    CHECK(to_hex(sha256(as_text(plain->bytes()))) == row.text_at("sha256"));
  }
  CHECK(rows == 100);
  CHECK(decrypted > 10);
}

TEST_CASE("identities are read as age-keygen writes them") {
  Identities identities;
  const std::string text = "# created: 2021-03-31T09:51:59+02:00\n# public key: age1...\n\n" +
                           std::string(test_key) + "\r\n  " + std::string(test_key);
  REQUIRE(identities.add(text, "age.txt").has_value());
  REQUIRE(identities.all().size() == 2);
  CHECK(identities.all().front().recipient_text() == test_recipient);
  CHECK(identities.text() == std::string(test_key) + '\n' + std::string(test_key) + '\n');
}

TEST_CASE("keys that only other programs use are passed over") {
  Identities identities;
  REQUIRE(identities.add("AGE-PLUGIN-YUBIKEY-1ABC\nAGE-SECRET-KEY-PQ-1ABC\n", "keys").has_value());
  CHECK(identities.empty());
}

TEST_CASE("what is no identity is refused with its line and without its text") {
  std::string wrong(test_key);
  wrong.back() = wrong.back() == 'M' ? 'Q' : 'M';
  for (const std::string& text :
       {wrong, std::string("hunter2"), std::string(test_recipient), "x" + std::string(test_key)}) {
    Identities identities;
    const auto added = identities.add("# a key\n" + text, "age.txt");
    REQUIRE_FALSE(added.has_value());
    CHECK(added.error().kind == ErrorKind::invalid);
    CHECK(added.error().message.starts_with("age.txt:2: "));
    CHECK(added.error().message.find(text.substr(0, 5) == "hunte" ? "hunter" : text.substr(20)) ==
          std::string::npos);
  }
}

TEST_CASE("there is a bound on identities") {
  Identities identities;
  std::string text;
  for (int index = 0; index < 101; ++index) text += std::string(test_key) + '\n';
  CHECK_FALSE(identities.add(text, "age.txt").has_value());
}

TEST_CASE("a Secret's entries that end in .agekey are its identities") {
  const auto identities = identities_of_secret({{"age.agekey", std::string(test_key)},
                                                {"sops.asc", "-----BEGIN PGP PRIVATE KEY"},
                                                {"sops.vault-token", "token"}},
                                               "flux-system/sops-age");
  REQUIRE(identities.has_value());
  CHECK(identities->all().size() == 1);
  const auto wrong = identities_of_secret({{"age.agekey", "hunter2"}}, "flux-system/sops-age");
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().message.starts_with("age.agekey in the Secret flux-system/sops-age:1: "));
  CHECK(wrong.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("an age file of any size is refused beyond its bound") {
  Identities identities;
  REQUIRE(identities.add(test_key, "key").has_value());
  CHECK(decrypt_age(std::string(2'000'000, 'a'), identities).error().kind == ErrorKind::invalid);
  CHECK(decrypt_age("", identities).error().kind == ErrorKind::invalid);
}

// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_file.hpp"

#include "base/base64.hpp"
#include "base/letter_case.hpp"
#include "support/json_lines.hpp"
#include "support/read_text.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

// kustomize-controller's own (config/testdata/sops).
const std::string fixtures = PRIMOCANE_SOURCE_DIR "/tests/unit/secrets/flux/";

Identities keys_in(std::string_view file) {
  Identities identities;
  REQUIRE(
      identities.add(read_text(fixtures + "keys/" + std::string(file)).value(), file).has_value());
  return identities;
}

SopsFormat format_named(std::string_view word) {
  for (const SopsFormat format :
       {SopsFormat::binary, SopsFormat::dotenv, SopsFormat::ini, SopsFormat::json}) {
    if (in_lower_case(std::string(to_string(format))) == word) return format;
  }
  return SopsFormat::yaml;
}

Result<std::string> decrypted_fixture(std::string_view file, SopsFormat format) {
  return decrypt_file(read_text(fixtures + std::string(file)).value(),
                      {.from = format, .to = format}, keys_in("age.txt"), file);
}

Value secret_in(std::string_view file) {
  return yaml_value(read_text(fixtures + std::string(file)).value());
}

}  // namespace

TEST_CASE("a file of SOPS becomes what SOPS makes of it") {
  std::size_t decrypted = 0;
  std::size_t refused = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/sops/cases.jsonl")) {
    CAPTURE(row.text_at("name"), row.text_at("from"), row.text_at("to"));
    Identities identities;
    REQUIRE(identities.add(row.text_at("key"), "key").has_value());
    const SopsFormats formats{.from = format_named(row.text_at("from")),
                              .to = format_named(row.text_at("to"))};
    const auto plain =
        decrypt_file(from_base64(row.text_at("file")).value(), formats, identities, "file");
    CAPTURE(plain ? "" : plain.error().message);
    CHECK((plain ? "decrypted" : "error") == row.text_at("outcome"));
    if (!plain) {
      ++refused;
      CHECK(plain.error().message.find("hunter2") == std::string::npos);
      continue;
    }
    ++decrypted;
    CHECK(*plain == from_base64(row.text_at("plain")).value());
  }
  CHECK(decrypted > 100);
  CHECK(refused > 50);
}

TEST_CASE("Flux's env files, files and patches are decrypted") {
  CHECK(decrypted_fixture("envs/env.env", SopsFormat::dotenv) == "key=value\n");
  CHECK(decrypted_fixture("component/env.env", SopsFormat::dotenv) == "key=value\n");
  CHECK(decrypted_fixture("files/file.txt", SopsFormat::binary) == "value");
  const auto patch = decrypted_fixture("patches/merge1.yaml", SopsFormat::yaml);
  REQUIRE(patch.has_value());
  CHECK(patch->find("sops") == std::string::npos);
  CHECK(patch->starts_with("apiVersion: v1\nkind: Secret\nmetadata:\n    name: secret\n"));
}

TEST_CASE("Flux's encrypted objects are decrypted") {
  const auto secret = decrypt_object(secret_in("algorithms/age.yaml"), keys_in("age.txt"), "age");
  REQUIRE(secret.has_value());
  CHECK(secret->text_at("stringData", "key") == "value");
  CHECK(secret->text_at("metadata", "name") == "age");
  CHECK(secret->find("sops") == nullptr);
  const auto global =
      decrypt_object(secret_in("global/secret.yaml"), keys_in("age-global.txt"), "global");
  REQUIRE(global.has_value());
  CHECK_FALSE(global->text_at("stringData", "key").empty());
}

TEST_CASE("an object is told to be encrypted by its metadata") {
  CHECK(is_encrypted(secret_in("algorithms/age.yaml")));
  CHECK_FALSE(is_encrypted(secret_in("algorithms/vault.yaml")));
  CHECK_FALSE(is_encrypted(yaml_value("{sops: {version: '3'}}")));
}

TEST_CASE("labels and names that a build adds do not keep an object from being decrypted") {
  Value secret = secret_in("algorithms/age.yaml");
  secret.as_object()->set("metadata", yaml_value("{name: prefixed-age, labels: {a: b}}"));
  const auto decrypted = decrypt_object(std::move(secret), keys_in("age.txt"), "age");
  REQUIRE(decrypted.has_value());
  CHECK(decrypted->text_at("metadata", "labels", "a") == "b");
}

TEST_CASE("an entry of a Secret that is an encrypted file is decrypted") {
  Value secret = secret_in("inside/secret.yaml");
  secret.as_object()->find("data")->as_object()->set("other", "cGxhaW4=");
  REQUIRE(decrypt_secret_data(secret, keys_in("age.txt"), "Secret default/secret").has_value());
  CHECK(from_base64(secret.text_at("data", "key")) == "value");
  CHECK(secret.text_at("data", "other") == "cGxhaW4=");
}

TEST_CASE("an entry of a Secret becomes what its name tells") {
  const std::string file = read_text(fixtures + "patches/merge2.yaml").value();
  Value secret = Object{{"data", Object{{"values.json", to_base64(file)}}}};
  REQUIRE(decrypt_secret_data(secret, keys_in("age.txt"), "Secret default/secret").has_value());
  const std::string json = from_base64(secret.text_at("data", "values.json")).value();
  CHECK(json.starts_with("{\n\t\"apiVersion\": \"v1\",\n"));
}

TEST_CASE("what is encrypted for others is refused with the keys that would do") {
  const auto message_of = [](std::string_view file, const Identities& identities) {
    const auto decrypted = decrypt_object(secret_in(file), identities, "Secret default/x");
    REQUIRE_FALSE(decrypted.has_value());
    CHECK(decrypted.error().kind == ErrorKind::denied);
    return decrypted.error().message;
  };
  CHECK(message_of("algorithms/pgp.yaml", keys_in("age.txt")) ==
        "Secret default/x is encrypted by SOPS for PGP key "
        "35C1A64CD7FC0AB6EB66756B2445463C3234ECE1, and only age keys (age1...) can be used here: "
        "encrypt it for one as well");
  CHECK(message_of("algorithms/age-pq.yaml", keys_in("age.txt"))
            .starts_with("Secret default/x is encrypted by SOPS for post-quantum age key age1pq1"));
  CHECK(message_of("algorithms/age.yaml", keys_in("age-global.txt")) ==
        "Secret default/x is encrypted by SOPS for age key "
        "age1l44xcng8dqj32nlv6d930qvvrny05hglzcv9qpc7kxjc6902ma4qufys29, and the age identities at "
        "hand are those of age1henwn645drkd3fa34t27t2w2x0nsgw3w4h62gmg5x5xflyjpy38s5cncph");
  CHECK(message_of("algorithms/age.yaml", Identities())
            .ends_with("and there is no age identity: give one by spec.decryption.secretRef or by "
                       "decryption.ageKeyFile in the configuration"));
}

TEST_CASE("keys of other services are named") {
  const auto message = [](std::string_view keys) {
    Value object = yaml_value("{a: ENC, sops: {mac: m, lastmodified: '2024-01-01T00:00:00Z'}}");
    const Value members = yaml_value(keys);
    for (const auto& [key, value] : *members.as_object()) {
      object.as_object()->find("sops")->as_object()->set(key, value);
    }
    return decrypt_object(std::move(object), Identities(), "x").error().message;
  };
  const auto names = [&](std::string_view keys, std::string_view shown) {
    CAPTURE(keys, message(keys));
    CHECK(message(keys).find(shown) != std::string::npos);
  };
  names("{kms: [{arn: 'arn:aws:kms:x'}]}", "for AWS KMS key arn:aws:kms:x, and");
  names("{gcp_kms: [{resource_id: projects/x}]}", "GCP KMS key projects/x");
  names("{azure_kv: [{vault_url: 'https://v', name: n, version: '1'}]}",
        "Azure Key Vault key https://v n 1");
  names("{hc_vault: [{vault_address: 'https://v', engine_path: sops, key_name: k}]}",
        "Vault key https://v sops k");
  names("{age: [{recipient: ssh-ed25519 AAAA, enc: x}]}", "SSH key ssh-ed25519 AAAA");
  names("{age: [{recipient: age1yubikey1qqq, enc: x}]}", "key of an age plugin age1yubikey1qqq");
  names("{key_groups: [{age: [{recipient: age1a, enc: x}]}]}", "age key age1a");
  names("{key_groups: [{age: []}, {pgp: []}]}", "split over 2 groups of keys (Shamir)");
  names("{}", "there are no keys");
  names("{age: [{recipient: age1a}]}", "no recipient or no enc");
  names("{pgp: [{fp: A}], encrypted_regex: a, encrypted_suffix: b}", "more than one rule");
  names("{pgp: [{fp: A}], encrypted_regex: '('}", "encrypted_regex");
}

TEST_CASE("a value that should be encrypted and is not is named and not shown") {
  Value secret = secret_in("algorithms/age.yaml");
  secret.as_object()->find("stringData")->as_object()->set("other", "hunter2");
  const auto decrypted = decrypt_object(std::move(secret), keys_in("age.txt"), "Secret x");
  REQUIRE_FALSE(decrypted.has_value());
  CHECK(decrypted.error().message ==
        "Secret x: stringData:other is no encrypted value (ENC[AES256_GCM,...])");
  Value number = secret_in("algorithms/age.yaml");
  number.as_object()->find("stringData")->as_object()->set("other", 5);
  CHECK(decrypt_object(std::move(number), keys_in("age.txt"), "Secret x").error().message ==
        "Secret x: stringData:other is a number, and should be an encrypted value");
}

TEST_CASE("a value that was moved is refused") {
  Value secret = secret_in("algorithms/age.yaml");
  const std::string sealed(secret.text_at("stringData", "key"));
  secret.as_object()->find("stringData")->as_object()->set("other", sealed);
  CHECK(decrypt_object(std::move(secret), keys_in("age.txt"), "x").error().kind ==
        ErrorKind::invalid);
}

TEST_CASE("the MAC of documents is that of the file they are in") {
  const Identities identities = keys_in("age.txt");
  const Value age = secret_in("algorithms/age.yaml");
  const Value patch = secret_in("patches/merge1.yaml");
  CHECK(check_macs({age, patch, yaml_value("{plain: true}")}, identities, "f").has_value());
  Value renamed = age;
  renamed.as_object()->set("metadata", yaml_value("{name: ega}"));
  const auto checked = check_macs({patch, std::move(renamed)}, identities, "f.yaml");
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().kind == ErrorKind::invalid);
  CHECK(checked.error().message.starts_with("f.yaml: the MAC of SOPS does not fit: "));
}

TEST_CASE("formats are told by names and by marks") {
  CHECK(sops_format_of("a.yaml") == SopsFormat::yaml);
  CHECK(sops_format_of("a.yml") == SopsFormat::yaml);
  CHECK(sops_format_of("dir.yaml/a.json") == SopsFormat::json);
  CHECK(sops_format_of(".dockerconfigjson") == SopsFormat::json);
  CHECK(sops_format_of("a.env") == SopsFormat::dotenv);
  CHECK(sops_format_of("a.ini") == SopsFormat::ini);
  CHECK(sops_format_of("a.txt") == SopsFormat::binary);
  CHECK(format_by_sops_mark("sops_mac=ENC[") == SopsFormat::dotenv);
  CHECK(format_by_sops_mark("    mac: ENC[") == SopsFormat::yaml);
  CHECK(format_by_sops_mark("\"mac\": \"ENC[") == SopsFormat::json);
  CHECK(format_by_sops_mark("[sops]\nmac = ENC[") == SopsFormat::ini);
  CHECK_FALSE(format_by_sops_mark("see [sops] for more").has_value());
}

TEST_CASE("a file beyond the bound is refused") {
  const std::string huge = "data: " + std::string(6 * 1024 * 1024, 'a');
  const auto decrypted = decrypt_file(huge, {.from = SopsFormat::yaml, .to = SopsFormat::yaml},
                                      keys_in("age.txt"), "f.yaml");
  REQUIRE_FALSE(decrypted.has_value());
  CHECK(decrypted.error().message.starts_with("f.yaml: has "));
}

TEST_CASE("metadata with bytes that are no UTF-8 is refused by the name of the file") {
  const auto plain =
      decrypt_file("[sops]\nmac = x\nlastmodified = \xfe\n",
                   {.from = SopsFormat::ini, .to = SopsFormat::ini}, Identities(), "app.ini");
  REQUIRE(!plain);
  CHECK(plain.error().kind == ErrorKind::invalid);
  CHECK(plain.error().message.starts_with("app.ini: "));
}

TEST_CASE("metadata of flat formats that is deep, long or contradicts itself is refused") {
  const auto refused = [](const std::string& lines) {
    const auto decrypted =
        decrypt_file("A=b\n" + lines, {.from = SopsFormat::dotenv, .to = SopsFormat::dotenv},
                     Identities(), "f.env");
    REQUIRE_FALSE(decrypted.has_value());
    CHECK(decrypted.error().kind == ErrorKind::invalid);
    return decrypted.error().message;
  };
  CHECK(refused("sops_a=1\nsops_a=2\n").find("contradicts itself") != std::string::npos);
  CHECK(refused("sops_a=1\nsops_a__map_b=2\n").find("contradicts itself") != std::string::npos);
  CHECK(refused("sops_a__list_1000000=1\n").find("too big") != std::string::npos);
  CHECK(refused("sops_a__list_x=1\n").find("at a__list_x") != std::string::npos);
  std::string deep = "sops_a";
  for (int level = 0; level < 5000; ++level) deep += "__list_0";
  CHECK(refused(deep + "=1\n").find("too big") != std::string::npos);
  std::string many;
  for (int key = 0; key < 2001; ++key) many += "sops_k" + std::to_string(key) + "=1\n";
  CHECK(refused(many).find("more than 2000 keys") != std::string::npos);
  CHECK(refused("no line\n") == "f.env:2: a line must be \"key=value\"");
  CHECK(refused("B=c\n").find("metadata of SOPS is missing") != std::string::npos);
}

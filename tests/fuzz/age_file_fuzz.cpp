// SPDX-License-Identifier: Apache-2.0
// Whatever bytes are taken for a file of age, they are decrypted or refused without a word of them;
// and whatever is taken for identities is read, or refused with its line.
#include "secrets/age_file.hpp"

#include "fuzz/require.hpp"
#include "secrets/bech32.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace primocane;

namespace {

// Of c2sp.org/CCTV/age, for whom the files of the corpus are.
constexpr std::string_view vector_key =
    "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";

const Identities& vector_identities() {
  static const Identities identities = [] {
    Identities read;
    require(read.add(vector_key, "key").has_value());
    return read;
  }();
  return identities;
}

void check_file(std::string_view file) {
  const auto plain = decrypt_age(file, vector_identities());
  if (plain) {
    require(plain->size() < file.size());
    return;
  }
  require(plain.error().kind == ErrorKind::invalid || plain.error().kind == ErrorKind::denied);
  require(plain.error().message.size() < 200);
}

void check_identities(std::string_view text) {
  Identities identities;
  const auto added = identities.add(text, "keys");
  require(added || added.error().message.starts_with("keys:"));
  if (!added) return;
  Identities again;
  require(again.add(identities.text(), "keys").has_value());
  require(again.text() == identities.text());
}

void check_bech32(std::string_view text) {
  const auto read = read_bech32(text);
  if (!read) return;
  require(read_bech32(write_bech32(read->prefix, read->bytes.bytes())).has_value() ||
          read->prefix.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos);
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_file(text);
  check_identities(text);
  check_bech32(text);
  return 0;
}

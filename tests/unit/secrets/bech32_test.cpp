// SPDX-License-Identifier: Apache-2.0
#include "secrets/bech32.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

// BIP 173's own.
TEST_CASE("Bech32 is read and written") {
  for (const std::string_view text :
       {"a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tg"
        "s",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"}) {
    CAPTURE(text);
    const auto read = read_bech32(text);
    REQUIRE(read.has_value());
    CHECK(write_bech32(read->prefix, read->bytes.bytes()) == text);
  }
  CHECK(read_bech32("A12UEL5L").has_value());
}

TEST_CASE("what is no Bech32 is refused") {
  for (const std::string_view text :
       {"", "1", "a1", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8",
        "10a06t8", "1qzzfhee", "a12uEL5L", "a12uel5m", "de1lg7wt\xFF",
        "\x20"
        "1nwldj5"}) {
    CAPTURE(text);
    CHECK_FALSE(read_bech32(text).has_value());
  }
}

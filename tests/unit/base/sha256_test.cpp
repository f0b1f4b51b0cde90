// SPDX-License-Identifier: Apache-2.0
// SHA-256 against the examples of FIPS 180-4, and the two ways in which hashes are written.
#include "base/sha256.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {

TEST_CASE("SHA-256 agrees with the published examples") {
  CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(to_hex(sha256(std::string(1'000'000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a hash does not depend on how its bytes arrive") {
  const std::string bytes =
      "the quick brown fox jumps over the lazy dog, again and again and again";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Sha256Stream stream;
    stream.add(std::string_view(bytes).substr(0, cut));
    stream.add(std::string_view(bytes).substr(cut));
    CHECK(stream.finish() == sha256(bytes));
  }
}

TEST_CASE("the URL-safe base64 of a hash has 43 characters and no padding") {
  CHECK(to_base64_url(sha256("")) == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
  CHECK(to_base64_url(sha256("abc")) == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

}  // namespace primocane

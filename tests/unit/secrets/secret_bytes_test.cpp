// SPDX-License-Identifier: Apache-2.0
#include "secrets/secret_bytes.hpp"

#include "base/wipe.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <sstream>

using namespace primocane;

namespace {

// The lines of /proc/self/smaps about the pages that `address` is in.
std::string mapping_of(const void* address) {
  std::ifstream file("/proc/self/smaps");
  std::string mapping;
  bool is_inside = false;
  for (std::string line; std::getline(file, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream words(line);
    words >> std::hex >> begin >> dash >> end;
    if (words && dash == '-') {
      const auto value = reinterpret_cast<std::uintptr_t>(address);
      is_inside = value >= begin && value < end;
    }
    if (is_inside) mapping += line + '\n';
  }
  return mapping;
}

}  // namespace

TEST_CASE("pages of a key are neither dumped nor swapped out", "[native]") {
  const SecretBytes key(as_bytes("hunter2"));
  CHECK(as_text(key.bytes()) == "hunter2");
  const std::string mapping = mapping_of(key.bytes().data());
  const std::size_t flags = mapping.find("VmFlags:");
  REQUIRE(flags != std::string::npos);
  CHECK(mapping.find(" dd", flags) != std::string::npos);
#ifndef __SANITIZE_ADDRESS__  // which makes mlock do nothing
  CHECK(mapping.find(" lo", flags) != std::string::npos);
#endif
}

TEST_CASE("a key moves and shortens") {
  SecretBytes key(as_bytes("hunter2"));
  SecretBytes other = std::move(key);
  CHECK(as_text(other.bytes()) == "hunter2");
  other.shorten(4);
  CHECK(as_text(other.bytes()) == "hunt");
  other = SecretBytes();
  CHECK(other.empty());
}

TEST_CASE("a wiped text is empty") {
  std::string text = "hunter2 hunter2 hunter2 hunter2 hunter2";
  wipe(text);
  CHECK(text.empty());
}

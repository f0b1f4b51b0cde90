// SPDX-License-Identifier: Apache-2.0
// Specification of Gunzip.
#include "http/gunzip.hpp"

#include "http/gzip.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string>

using namespace primocane;

namespace {

ReadBytes pieces_of(const std::string& bytes, std::size_t piece) {
  return [&bytes, piece, at = std::size_t{0}](std::span<char> to) mutable -> Result<std::size_t> {
    const std::size_t count = std::min({piece, to.size(), bytes.size() - at});
    std::copy_n(bytes.data() + at, count, to.data());
    at += count;
    return count;
  };
}

Result<std::string> unpacked(const std::string& packed, ByteCount max = ByteCount(1U << 20),
                             std::size_t piece = 7) {
  Gunzip gunzip(pieces_of(packed, piece), max);
  std::string text;
  std::array<char, 1000> buffer{};
  while (true) {
    const Result<std::size_t> count = gunzip.read(std::span(buffer));
    if (!count) return std::unexpected(count.error());
    if (*count == 0) return text;
    text.append(buffer.data(), *count);
  }
}

std::string packed(const std::string& text) { return gzip_if_smaller(text).value(); }

}  // namespace

TEST_CASE("a gzip stream is unpacked, however small the pieces it comes in") {
  const std::string text(5000, 'x');
  CHECK(unpacked(packed(text), ByteCount(5000), 1) == text);
  CHECK(unpacked(packed(text), ByteCount(5000), 10'000) == text);
}

TEST_CASE("gzip members that follow each other are one stream") {
  const std::string one(2000, 'a');
  const std::string two(3000, 'b');
  CHECK(unpacked(packed(one) + packed(two)) == one + two);
}

TEST_CASE("a gzip stream that becomes larger than allowed is an error before it is unpacked") {
  const std::string bomb = packed(std::string(10'000'000, '\0'));
  CHECK(bomb.size() < 20'000);
  const Result<std::string> text = unpacked(bomb, ByteCount(4096));
  REQUIRE(!text);
  CHECK(text.error().kind == ErrorKind::invalid);
  CHECK(text.error().message == "unpacks to more than 4.0 KiB");
}

TEST_CASE("what is no gzip stream, cut or damaged is an error") {
  CHECK(unpacked("").error().message == "is empty");
  CHECK(unpacked("plain text").error().message == "is not compressed by gzip");
  std::string whole = packed(std::string(5000, 'x'));
  CHECK(unpacked(whole.substr(0, whole.size() - 1)).error().message == "the gzip stream is cut");
  whole[whole.size() - 6] = static_cast<char>(whole[whole.size() - 6] ^ 1);  // of the checksum
  CHECK(unpacked(whole).error().message == "the gzip stream is damaged");
}

TEST_CASE("an error of the input of a gzip stream arrives as it is") {
  Gunzip gunzip(
      [](std::span<char>) -> Result<std::size_t> {
        return fail(ErrorKind::unavailable, "no disk");
      },
      ByteCount(10));
  std::array<char, 10> buffer{};
  CHECK(gunzip.read(std::span(buffer)).error().message == "no disk");
}

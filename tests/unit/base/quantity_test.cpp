// SPDX-License-Identifier: Apache-2.0
// Durations and sizes as people write them.
#include "base/quantity.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <chrono>
#include <string_view>

namespace primocane {

using namespace std::chrono_literals;

TEST_CASE("a duration is a sum of numbers with units") {
  struct Row {
    std::string_view text;
    Duration expected;
  };
  const Row row = GENERATE(values<Row>({{"60s", 60s},
                                        {"5m", 5min},
                                        {"1h30m", 90min},
                                        {"1.5h", 90min},
                                        {"0.25s", 250ms},
                                        {"1m0.5s", 60'500ms},
                                        {"500ms", 500ms},
                                        {"2us3ns", 2003ns},
                                        {"1.9999999999s", 1'999'999'999ns},
                                        {"0", 0s},
                                        {"0s", 0s},
                                        {"2562047h", 2562047h}}));
  CAPTURE(row.text);
  const Result<Duration> parsed = parse_duration(row.text);
  REQUIRE(parsed);
  CHECK(*parsed == row.expected);
}

TEST_CASE("what is no duration is refused with an example of one") {
  const std::string_view text =
      GENERATE("", "60", "s", "5 m", "-5s", "+5s", "1.s", ".5s", "5d", "1h30", "5S", "1e3s", " 5s",
               "99999999999999999999s", "2562048h", "9223372036s9223372036s", "5s\n");
  CAPTURE(text);
  const Result<Duration> parsed = parse_duration(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == ErrorKind::invalid);
  CHECK(parsed.error().message.find("1h30m") != std::string::npos);
}

TEST_CASE("a duration is written in the largest units and read back as the same") {
  CHECK(write_duration(60s) == "1m");
  CHECK(write_duration(90s) == "1m30s");
  CHECK(write_duration(3600s) == "1h");
  CHECK(write_duration(250ms) == "250ms");
  CHECK(write_duration(0s) == "0s");
  const Duration duration = GENERATE(1ns, 1'500'000us, 90min, 25h, 3'661'000'001'001ns);
  CHECK(parse_duration(write_duration(duration)) == duration);
}

TEST_CASE("a size is a whole number of bytes or one with a suffix of Kubernetes") {
  struct Row {
    std::string_view text;
    std::uint64_t expected;
  };
  const Row row = GENERATE(values<Row>({{"0", 0},
                                        {"1048576", 1048576},
                                        {"512Ki", 512 * 1024},
                                        {"64Mi", 64 * 1024 * 1024},
                                        {"1Gi", 1024 * 1024 * 1024},
                                        {"2k", 2000},
                                        {"3M", 3'000'000}}));
  CAPTURE(row.text);
  const Result<ByteCount> parsed = parse_size(row.text);
  REQUIRE(parsed);
  CHECK(parsed->count() == row.expected);
}

TEST_CASE("what is no size is refused with an example of one") {
  const std::string_view text = GENERATE("", "Mi", "64MB", "64 Mi", "-1", "1.5Gi", "64mi", "0x10",
                                         "99999999999999999999", "9999999999Ti");
  CAPTURE(text);
  const Result<ByteCount> parsed = parse_size(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == ErrorKind::invalid);
  CHECK(parsed.error().message.find("64Mi") != std::string::npos);
}

TEST_CASE("a size is written with the largest suffix that keeps it whole") {
  CHECK(write_size(ByteCount(64 * 1024 * 1024)) == "64Mi");
  CHECK(write_size(ByteCount(1536)) == "1536");
  CHECK(write_size(ByteCount(3 * 512 * 1024)) == "1536Ki");
  CHECK(write_size(ByteCount(0)) == "0");
}

}  // namespace primocane

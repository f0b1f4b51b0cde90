// SPDX-License-Identifier: Apache-2.0
// What a child is told about its box arrives as it was meant, or not at all.
#include "host/box_arguments.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace primocane {
namespace {

std::vector<char*> pointers(std::vector<std::string>& arguments) {
  std::vector<char*> all;
  for (std::string& argument : arguments) all.push_back(argument.data());
  return all;
}

const BoxSetup setup{.work = "index",
                     .root = "/var/lib/primocane/a b=c",
                     .root_is_writable = true,
                     .files = 12,
                     .limits = {.memory = ByteCount(123456789012ULL),
                                .cpu_time = std::chrono::seconds(7),
                                .output = ByteCount(99)},
                     .boxing = Boxing::best_effort,
                     .user = {.uid = 12, .gid = 34},
                     .parent = 567};

}  // namespace

TEST_CASE("a box is read as it was written") {
  std::vector<std::string> arguments = write_box_arguments(setup);
  const std::vector<char*> raw = pointers(arguments);
  REQUIRE(are_box_arguments(raw));
  const Result<BoxSetup> read = read_box_arguments(raw);
  REQUIRE(read.has_value());
  CHECK(read->work == setup.work);
  CHECK(read->root == setup.root);
  CHECK(read->root_is_writable);
  CHECK(read->files == setup.files);
  CHECK(read->limits.memory == setup.limits.memory);
  CHECK(read->limits.cpu_time == setup.limits.cpu_time);
  CHECK(read->limits.output == setup.limits.output);
  CHECK(read->boxing == setup.boxing);
  CHECK(read->user == setup.user);
  CHECK(read->parent == setup.parent);
}

TEST_CASE("other arguments are not for a box") {
  for (std::vector<std::string> arguments : {std::vector<std::string>{},
                                             {"primocane"},
                                             {"primocane", "agent"},
                                             {"primocane", "agent", "--boxed"}}) {
    CHECK_FALSE(are_box_arguments(pointers(arguments)));
    CHECK_FALSE(read_box_arguments(pointers(arguments)).has_value());
  }
}

TEST_CASE("a box that is incomplete or not as written is refused") {
  const std::vector<std::string> good = write_box_arguments(setup);
  for (std::size_t i = 3; i < good.size(); ++i) {
    CAPTURE(good[i]);
    std::vector<std::string> missing = good;
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_FALSE(read_box_arguments(pointers(missing)).has_value());
    std::vector<std::string> misnamed = good;
    misnamed[i] = "x" + misnamed[i];
    CHECK_FALSE(read_box_arguments(pointers(misnamed)).has_value());
    if (i == 3) continue;  // a root may be any text
    for (const std::string value : {"", "-1", "x", "1x", "99999999999999999999"}) {
      CAPTURE(value);
      std::vector<std::string> wrong = good;
      wrong[i] = wrong[i].substr(0, wrong[i].find('=') + 1) + value;
      CHECK_FALSE(read_box_arguments(pointers(wrong)).has_value());
    }
  }
}

}  // namespace primocane

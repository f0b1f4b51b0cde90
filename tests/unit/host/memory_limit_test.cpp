// SPDX-License-Identifier: Apache-2.0
#include "host/memory_limit.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {
namespace {

constexpr ByteCount mebibytes(std::uint64_t count) { return ByteCount(count * 1024 * 1024); }

}  // namespace

TEST_CASE("the cgroup of a service is found, beside those of version 1") {
  CHECK(cgroup_path("0::/system.slice/primocane.service\n") == "/system.slice/primocane.service");
  CHECK(cgroup_path("4:memory:/x\n1:name=systemd:/y\n0::/z\n") == "/z");
  CHECK(cgroup_path("4:memory:/x\n").empty());
  CHECK(cgroup_path("").empty());
}

TEST_CASE("a limit of memory is a number of bytes, or none") {
  CHECK(read_memory_max("402653184\n") == mebibytes(384));
  CHECK_FALSE(read_memory_max("max\n"));
  CHECK_FALSE(read_memory_max(""));
  CHECK_FALSE(read_memory_max("12 apples"));
}

TEST_CASE("a child's limit is below that of the service, and leaves the agent what it needs") {
  CHECK(child_memory_max(mebibytes(384)) == mebibytes(288));
  CHECK(child_memory_max(mebibytes(128)) == mebibytes(64));
  CHECK(child_memory_max(mebibytes(64)) == mebibytes(32));
}

}  // namespace primocane

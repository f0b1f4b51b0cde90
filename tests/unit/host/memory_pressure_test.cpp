// SPDX-License-Identifier: Apache-2.0
// When a service is short of memory, by the files of its cgroup.
#include "host/memory_pressure.hpp"

#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace primocane;

namespace {

void write_counters(const TemporaryFolder& folder, std::string_view high, std::string_view share) {
  std::ofstream(folder.path() + "/memory.events")
      << "low 0\nhigh " << high << "\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n";
  std::ofstream(folder.path() + "/memory.pressure")
      << "some avg10=" << share << " avg60=0.00 avg300=0.00 total=1\n"
      << "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";
}

}  // namespace

TEST_CASE("memory.events and memory.pressure are read as the kernel writes them") {
  CHECK(read_limit_events("low 1\nhigh 2\nmax 3\noom 4\n") == 5);
  CHECK_FALSE(read_limit_events(""));
  CHECK_FALSE(read_limit_events("high many\n"));
  CHECK(read_stall_share("some avg10=12.34 avg60=1.00 avg300=0.10 total=9\nfull avg10=50.00\n") ==
        12.34);
  CHECK_FALSE(read_stall_share("full avg10=1.00\n"));
  CHECK_FALSE(read_stall_share("some avg60=1.00\n"));
  CHECK_FALSE(read_stall_share(""));
}

TEST_CASE("memory is short when a limit was met since, or when others wait for it") {
  const TemporaryFolder folder;
  MemoryPressure pressure(folder.path());
  write_counters(folder, "3", "0.00");
  CHECK_FALSE(pressure.has_risen());  // what was before is not known
  CHECK_FALSE(pressure.has_risen());
  write_counters(folder, "4", "0.00");
  CHECK(pressure.has_risen());
  CHECK_FALSE(pressure.has_risen());
  write_counters(folder, "4", "10.50");
  CHECK(pressure.has_risen());
  write_counters(folder, "4", "9.99");
  CHECK_FALSE(pressure.has_risen());
}

TEST_CASE("where the kernel counts nothing memory is not short") {
  CHECK_FALSE(MemoryPressure("").has_risen());
  const TemporaryFolder empty;
  CHECK_FALSE(MemoryPressure(empty.path()).has_risen());
}

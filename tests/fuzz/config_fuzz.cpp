// SPDX-License-Identifier: Apache-2.0
// Whatever a configuration file holds, reading it ends in a configuration or an error, and what is
// printed of the former is read back as the same.
#include "cli/config.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace primocane;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<ConfigFile> file =
      read_config(text, "config.yaml", {.folder = "/etc/primocane", .credentials = {}});
  if (!file) return 0;
  // A masked proxy is the one thing that is not printed as it was.
  if (file->config.git.proxy.find('@') != std::string::npos) return 0;
  const Result<ConfigFile> again = read_config(describe_config(*file), "printed",
                                               {.folder = "/etc/primocane", .credentials = {}});
  if (!again || write_config(again->config) != write_config(file->config)) std::abort();
  return 0;
}

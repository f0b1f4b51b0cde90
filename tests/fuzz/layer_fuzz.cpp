// SPDX-License-Identifier: Apache-2.0
// Whatever a registry sends for a layer, it becomes a bundle that can be read, or an error that
// does not ask to try again. The first byte says whether the rest is packed, or an archive as it
// is once it is unpacked.
#include "fuzz/require.hpp"
#include "source/bundle_tree.hpp"
#include "source/tar_reader.hpp"
#include "source/unpack_layer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

using namespace primocane;

namespace {

constexpr UnpackLimits limits{.file_max = ByteCount(4096), .unpacked_max = ByteCount(1U << 20)};

// In pieces whose sizes the input decides too.
ReadBytes input_of(std::string_view bytes) {
  return [bytes](std::span<char> to) mutable -> Result<std::size_t> {
    const std::size_t wish = bytes.empty() ? 0 : 1 + static_cast<unsigned char>(bytes[0]) * 7U;
    const std::size_t count = std::min({wish, to.size(), bytes.size()});
    std::memcpy(to.data(), bytes.data(), count);
    bytes.remove_prefix(count);
    return count;
  };
}

void read_archive(std::string_view bytes) {
  TarReader archive(input_of(bytes));
  std::uint64_t content = 0;
  while (true) {
    const auto entry = archive.next();
    if (!entry) {
      require(entry.error().kind == ErrorKind::invalid);
      return;
    }
    if (!*entry) return;
    require((*entry)->kind == TarKind::file || (*entry)->size == 0);
    if ((*entry)->size % 2 == 0) continue;
    const auto text = archive.content();
    if (!text) return;
    require(text->size() == (*entry)->size);
    content += text->size();
    require(content <= bytes.size());
  }
}

void unpack(std::string_view bytes) {
  std::string bundle;
  const BundleSink sink = [&bundle](std::string_view piece) -> Result<void> {
    bundle += piece;
    return {};
  };
  const auto unpacked = unpack_layer(input_of(bytes), LayerSymlinks::ignore, limits, sink);
  if (!unpacked) {
    require(unpacked.error().kind == ErrorKind::invalid);
    return;
  }
  UniqueFd file(::memfd_create("bundle", MFD_CLOEXEC));
  require(::write(file.get(), bundle.data(), bundle.size()) == static_cast<ssize_t>(bundle.size()));
  const auto tree = open_bundle_tree(std::move(file), [] { std::abort(); });
  require(tree.has_value());
  require((*tree)->list(RelativePath()).has_value());
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.empty()) return 0;
  if (text.front() == 't') {
    read_archive(text.substr(1));
  } else {
    unpack(text.substr(1));
  }
  return 0;
}

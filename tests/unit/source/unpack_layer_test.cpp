// SPDX-License-Identifier: Apache-2.0
// Specification of how a layer becomes a bundle of its files.
#include "source/unpack_layer.hpp"

#include "base/unique_fd.hpp"
#include "source/bundle_tree.hpp"
#include "tar_builder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace primocane;

namespace {

constexpr UnpackLimits limits{.file_max = ByteCount(1000), .unpacked_max = ByteCount(100'000)};

Result<std::string> bundle_of(const std::string& layer,
                              LayerSymlinks symlinks = LayerSymlinks::ignore) {
  std::string bundle;
  const BundleSink sink = [&bundle](std::string_view piece) -> Result<void> {
    bundle += piece;
    return {};
  };
  const Result<void> unpacked = unpack_layer(bytes_of(layer), symlinks, limits, sink);
  if (!unpacked) return std::unexpected(unpacked.error());
  return bundle;
}

std::unique_ptr<SourceTree> tree_of(const std::string& archive) {
  const std::string bundle = bundle_of(layer_of(archive)).value();
  UniqueFd file(::memfd_create("bundle", MFD_CLOEXEC));
  REQUIRE(::write(file.get(), bundle.data(), bundle.size()) == static_cast<ssize_t>(bundle.size()));
  return open_bundle_tree(std::move(file), [] { std::abort(); }).value();
}

std::string refusal(const std::string& archive, LayerSymlinks symlinks = LayerSymlinks::ignore) {
  const Result<std::string> bundle = bundle_of(layer_of(archive), symlinks);
  if (bundle) return "taken";
  CHECK(bundle.error().kind == ErrorKind::invalid);
  return bundle.error().message;
}

Result<std::string> read(const SourceTree& tree, std::string_view path) {
  return tree.read(RelativePath::parse(path).value(), ByteCount(100'000));
}

}  // namespace

TEST_CASE("the files of a layer are a tree") {
  const auto tree = tree_of(tar_entry("./", "", '5') + tar_entry("./apps/", "", '5') +
                            tar_entry("./apps/a.yaml", "a: 1\n") + tar_entry("b.yaml", "b: 2\n") +
                            tar_entry("empty/", "", '5'));
  CHECK(read(*tree, "apps/a.yaml") == "a: 1\n");
  CHECK(read(*tree, "b.yaml") == "b: 2\n");
  CHECK(tree->list(RelativePath())->size() == 2);
}

TEST_CASE("symlinks are left out of an extracted layer and refused in a copied one") {
  const std::string archive = tar_entry("link", "", '2') + tar_entry("a", "1");
  CHECK(tree_of(archive)->list(RelativePath())->size() == 1);
  CHECK(refusal(archive, LayerSymlinks::refuse) ==
        "holds link, a symlink: Flux takes none from a copied layer");
}

TEST_CASE("a layer whose names leave its folder is refused") {
  for (const char* name : {"../a", "a/../../b", "/etc/passwd", "a\\b", "..", "a/../b"}) {
    CHECK(refusal(tar_entry(name, "x")) ==
          std::string("holds ") + name + ", a name that may leave the archive's folder");
  }
  CHECK(refusal(tar_entry("../", "", '5')) != "taken");
  CHECK(refusal(tar_entry("../link", "", '2')) != "taken");
}

TEST_CASE("a layer that can't be unpacked as it was packed is refused") {
  CHECK(refusal(tar_entry("a", "1") + tar_entry("./a", "2")) == "holds ./a, twice");
  CHECK(refusal(tar_entry("a", "1") + tar_entry("a/b", "2")) ==
        "holds a, a folder in the place of a file");
  CHECK(refusal(tar_entry("a/b", "1") + tar_entry("a", "2")) ==
        "holds a, a file in the place of a folder");
  CHECK(refusal(tar_entry("./", "1")) == "holds ./, a file in the place of a folder");
  CHECK(refusal(tar_entry("a", "", '1')) == "holds a, a hard link: pack its content instead");
  CHECK(refusal(tar_entry("a", "", '3')) == "holds a, which is no file, folder or symlink");
}

TEST_CASE("a layer that becomes too large is refused") {
  CHECK(refusal(tar_entry("a", std::string(200'000, 'x'))) == "unpacks to more than 97.7 KiB");
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "d/";
  CHECK(refusal(tar_entry("p", pax_record("path", deep + "f"), 'x') + tar_entry("f", "")) ==
        "holds more than 200 folders within each other");
}

TEST_CASE("a file that is larger than may be read is there and says so when it is read") {
  const auto tree = tree_of(tar_entry("large", std::string(2000, 'x')) + tar_entry("small", "y"));
  CHECK(read(*tree, "small") == "y");
  CHECK(read(*tree, "large").error().message == "large has 2.0 KiB: at most 1000 bytes are read");
}

TEST_CASE("a layer that is no gzipped tar archive is refused") {
  CHECK(bundle_of("plain").error().message == "is not compressed by gzip");
  CHECK(bundle_of(gzip_if_smaller(std::string(5000, 'x')).value())
            .error()
            .message.starts_with("is no good tar archive"));
}

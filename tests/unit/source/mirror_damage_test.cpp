// SPDX-License-Identifier: Apache-2.0
// A mirror that the disk has damaged is fetched anew, whatever else lies in it.
#include "git_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace primocane {

namespace {

namespace fs = std::filesystem;

// Every pack of the mirror, as its bytes are after `change`; the size says the same as before.
void change_packs(const GitWorld& world, const std::function<void(std::string&)>& change) {
  std::vector<fs::path> packs;
  for (const auto& entry : fs::directory_iterator(world.mirror_path() + "/objects/pack")) {
    if (entry.path().extension() == ".pack") packs.push_back(entry.path());
  }
  for (const fs::path& path : packs) {
    std::ifstream in(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    change(bytes);
    fs::permissions(path, fs::perms::owner_write, fs::perm_options::add);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
}

// What lies between a pack's header and its checksum.
void invert_objects(std::string& pack) {
  for (std::size_t i = 12; i + 20 < pack.size(); ++i) pack[i] = static_cast<char>(~pack[i]);
}
void cut(std::string& pack) { pack.resize(pack.size() / 2); }

}  // namespace

TEST_CASE("damaged packs do not hide those that are fetched in their place", "[native]") {
  const auto damage = GENERATE(as<std::function<void(std::string&)>>{}, invert_objects, cut);
  GitWorld world;
  const CommitId first = world.commit("first");
  REQUIRE(world.update().has_value());
  const CommitId second = world.commit("second");
  REQUIRE(world.update(first).has_value());
  REQUIRE(world.read(second) == "second");

  change_packs(world, damage);
  world.start();
  const auto updated = world.update(second);

  REQUIRE(updated.has_value());
  CHECK(updated->commit == second);
  CHECK(world.read(second) == "second");
}

TEST_CASE("a damaged mirror is left as it is while there is nothing to replace it by", "[native]") {
  GitWorld world;
  const CommitId first = world.commit("first");
  REQUIRE(world.update().has_value());
  change_packs(world, invert_objects);
  world.start();
  world.git().tamper = [](std::string&) { return fail(ErrorKind::unavailable, "no Git"); };

  const auto updated = world.update(first);

  REQUIRE_FALSE(updated.has_value());
  CHECK(updated.error().message.find("is damaged") != std::string::npos);
  CHECK(fs::exists(world.mirror_path() + "/primocane.json"));
  world.git().tamper = nullptr;
  REQUIRE(world.update(first).has_value());
  CHECK(world.read(first) == "first");
}

TEST_CASE("damage that was healed by fetching anew is told, once", "[native]") {
  GitWorld world;
  const CommitId first = world.commit("first");
  REQUIRE(world.update().has_value());
  CHECK_FALSE(world.repository().take_damage());
  change_packs(world, invert_objects);
  world.start();

  REQUIRE(world.update(first).has_value());

  const std::optional<std::string> damage = world.repository().take_damage();
  REQUIRE(damage);
  CHECK(damage->find(world.mirror_path() + " is damaged: ") != std::string::npos);
  CHECK_FALSE(world.repository().take_damage());
  REQUIRE(world.update(first).has_value());
  CHECK_FALSE(world.repository().take_damage());
}

TEST_CASE("a state of the mirror that can't be read is told as damage", "[native]") {
  GitWorld world;
  const CommitId first = world.commit("first");
  REQUIRE(world.update().has_value());
  std::ofstream(world.mirror_path() + "/primocane.json") << "{";

  REQUIRE(world.update(first).has_value());

  CHECK(world.repository().take_damage());
  CHECK(world.read(first) == "first");
}

TEST_CASE("damage is told although what is fetched anew does not come", "[native]") {
  GitWorld world;
  const CommitId first = world.commit("first");
  REQUIRE(world.update().has_value());
  change_packs(world, cut);
  world.start();
  world.git().tamper = [](std::string&) { return fail(ErrorKind::unavailable, "no Git"); };

  REQUIRE_FALSE(world.update(first).has_value());

  CHECK(world.repository().take_damage());
}

TEST_CASE("a link in the mirror's place, or in that of one of its folders, leads nowhere",
          "[native]") {
  const std::string name = GENERATE("", "/incoming", "/objects", "/objects/pack", "/refs");
  CAPTURE(name);
  GitWorld world;
  const CommitId first = world.commit("first");
  REQUIRE(world.update().has_value());
  const std::string others = world.folder() / "others";
  fs::create_directories(others + "/folder");
  std::ofstream(others + "/file.new") << "not ours";
  fs::remove_all(world.mirror_path() + name);
  fs::create_directory_symlink(others, world.mirror_path() + name);

  world.start();
  const auto updated = world.update(first);

  REQUIRE_FALSE(updated.has_value());
  CHECK(updated.error().message.find("is not a folder") != std::string::npos);
  CHECK(fs::exists(others + "/folder"));
  CHECK(std::distance(fs::directory_iterator(others), fs::directory_iterator()) == 2);
}

TEST_CASE("a link in the place of a file that is not finished is not written through", "[native]") {
  GitWorld world;
  const std::string other = world.folder() / "other";
  std::ofstream(other) << "not ours";
  const CommitId first = world.commit("first");
  fs::create_directories(world.mirror_path());
  fs::create_symlink(other, world.mirror_path() + "/primocane.json.new");

  REQUIRE(world.update().has_value());

  std::ifstream in(other);
  CHECK(std::string{std::istreambuf_iterator<char>(in), {}} == "not ours");
  CHECK(world.read(first) == "first");
}

TEST_CASE("a mirror that belongs to another group is given to its readers again", "[native]") {
  if (::geteuid() != 0) SKIP("needs root");
  GitWorld world;
  const CommitId first = world.commit("first");
  REQUIRE(world.update().has_value());
  const auto group_of = [](const std::string& path) {
    struct stat status = {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_gid : static_cast<gid_t>(-1);
  };
  std::vector<std::string> paths{world.mirror_path()};
  for (const auto& entry : fs::recursive_directory_iterator(world.mirror_path())) {
    paths.push_back(entry.path().string());
  }
  for (const std::string& path : paths) REQUIRE(::chown(path.c_str(), 0, 0) == 0);

  world.start();
  REQUIRE(world.update(first).has_value());

  for (const std::string& path : paths) {
    CAPTURE(path);
    CHECK(group_of(path) == world.mirror_folder().readers);
  }
}

}  // namespace primocane

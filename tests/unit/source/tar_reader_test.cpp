// SPDX-License-Identifier: Apache-2.0
// Specification of TarReader.
#include "source/tar_reader.hpp"

#include "tar_builder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace primocane;

namespace {

// All entries as text, "KIND NAME=CONTENT"; an error ends the list.
std::vector<std::string> listed(const std::string& archive, std::size_t piece = 1000) {
  TarReader reader(bytes_of(archive, piece));
  std::vector<std::string> entries;
  while (true) {
    const auto entry = reader.next();
    if (!entry) {
      entries.push_back("error: " + entry.error().message);
      return entries;
    }
    if (!*entry) return entries;
    static constexpr std::string_view letters = "fdlhv";
    std::string text = letters[static_cast<std::size_t>((*entry)->kind)] + (" " + (*entry)->name);
    if ((*entry)->size > 0) text += "=" + reader.content().value_or("error");
    entries.push_back(text);
  }
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a tar archive's files, folders and links are listed in their order") {
  const std::string archive = tar_entry("./", "", '5') + tar_entry("./a/", "", '5') +
                              tar_entry("./a/b.yaml", "b: 1\n") + tar_entry("link", "", '2') +
                              tar_entry("hard", "", '1') + tar_entry("fifo", "", '6') +
                              tar_entry("old", "x", '\0') + tar_entry("old/", "", '\0');
  const Lines expected{"d ./",    "d ./a/", "f ./a/b.yaml=b: 1\n", "l link", "h hard", "v fifo",
                       "f old=x", "d old/"};
  CHECK(listed(archive + tar_end()) == expected);
  CHECK(listed(archive + tar_end(), 1) == expected);
  CHECK(listed(archive) == expected);  // without an end, as some programs write it
}

TEST_CASE("long names come from ustar's prefix, PAX records and GNU's own entries") {
  const std::string name = std::string(150, 'n') + "/file";
  const std::string pax = pax_record("mtime", "1.5") + pax_record("path", name);
  CHECK(listed(tar_header("file", '0', 0, "some/folder")) == Lines{"f some/folder/file"});
  CHECK(listed(tar_entry("PaxHeaders/x", pax, 'x') + tar_entry("cut", "1")) ==
        Lines{"f " + name + "=1"});
  CHECK(listed(tar_entry("././@LongLink", name + '\0', 'L') + tar_entry("cut", "1") +
               tar_entry("next", "2")) == Lines{"f " + name + "=1", "f next=2"});
  CHECK(listed(tar_entry("pax_global_header", pax_record("comment", "c"), 'g') +
               tar_entry("file", "1")) == Lines{"f file=1"});
}

TEST_CASE("a size in a PAX record or in GNU's binary form counts") {
  std::string binary = tar_header("b", '0', 0);
  binary.replace(124, 12, std::string("\x80\0\0\0\0\0\0\0\0\0\0\x03", 12));
  binary.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char byte : binary) sum += static_cast<unsigned char>(byte);
  binary.replace(148, 8, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  CHECK(listed(binary + tar_padded("abc")) == Lines{"f b=abc"});
  CHECK(listed(tar_entry("p", pax_record("size", "3"), 'x') + tar_header("a", '0', 0) +
               tar_padded("xyz")) == Lines{"f a=xyz"});
}

TEST_CASE("content that nobody asks for is passed over") {
  TarReader reader(bytes_of(tar_entry("a", std::string(3000, 'x')) + tar_entry("b", "y")));
  CHECK(reader.next()->value().size == 3000);
  CHECK(reader.next()->value().name == "b");
  CHECK(reader.content() == "y");
  CHECK(!reader.next()->has_value());
}

TEST_CASE("what is no tar archive, cut or damaged is an error") {
  const auto only = [](const std::string& archive) { return listed(archive).back(); };
  const std::string entry = tar_entry("a", std::string(600, 'x'));
  CHECK(only(std::string(512, 'x')).starts_with("error: is no good tar archive: a header's"));
  CHECK(only(entry.substr(0, 300)).ends_with("it is cut"));
  CHECK(only(entry.substr(0, 900)) == "error: is no good tar archive: it is cut");
  CHECK(only(tar_entry("x", "5 a=\n", 'x')).ends_with("it ends behind a header"));
  CHECK(only(tar_entry("x", "99 a=b\n", 'x')).ends_with("an odd PAX record"));
  CHECK(only(tar_entry("x", pax_record("size", "-1"), 'x') + entry).ends_with("an odd PAX size"));
  CHECK(only(std::string(512, '\0') + entry).ends_with("something follows its end"));
  CHECK(only(tar_header("x", 'x', 2'000'000)).ends_with("a header is too large"));
  std::string specials;
  for (int i = 0; i < 100; ++i) specials += tar_entry("x", "n", 'L');
  CHECK(only(specials + entry).ends_with("too many headers in front of an entry"));
}

TEST_CASE("a sparse file is refused") {
  CHECK(listed(tar_entry("s", "", 'S')).back().ends_with("write it out whole"));
  CHECK(listed(tar_entry("p", pax_record("GNU.sparse.major", "1"), 'x') + tar_entry("s", "1"))
            .back()
            .ends_with("write it out whole"));
}

TEST_CASE("a header that promises more than there is takes no memory for it") {
  TarReader reader(bytes_of(tar_header("a", '0', 0777777777777)));
  CHECK(reader.next()->value().size == 0777777777777);
  CHECK(!reader.content());
}

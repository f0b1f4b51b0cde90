// SPDX-License-Identifier: Apache-2.0
// Writes the manual pages of section 1 into a folder: man_pages FOLDER DATE. Built natively and run
// by packaging/build; nothing of it is in what is shipped.
#include "cli/manual.hpp"

#include <cstdio>
#include <fstream>
#include <string>

int main(int count, char** arguments) {
  if (count != 3) {
    static_cast<void>(std::fputs("usage: man_pages FOLDER DATE\n", stderr));
    return 64;
  }
  const std::string folder = arguments[1];
  const primocane::ManualEdition edition{.version = PRIMOCANE_VERSION, .date = arguments[2]};
  for (const primocane::ManualPage& page : primocane::write_manual(edition)) {
    std::ofstream file(folder + "/" + page.file, std::ios::binary);
    file << page.text;
    file.close();
    if (!file) {
      static_cast<void>(std::fprintf(stderr, "man_pages: can't write %s/%s\n", folder.c_str(),
                                     page.file.c_str()));
      return 1;
    }
  }
  return 0;
}

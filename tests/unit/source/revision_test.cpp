// SPDX-License-Identifier: Apache-2.0
// How revisions are written.
#include "source/revision.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {

TEST_CASE("a revision is written as Flux writes it") {
  const Revision revision{.remote = "https://example.org/a",
                          .branch = "main",
                          .commit = CommitId::parse(std::string(40, 'a')).value()};
  CHECK(to_string(revision) == "main@sha1:" + std::string(40, 'a'));
  Revision alone = revision;
  alone.branch = {};
  CHECK(to_string(alone) == "sha1:" + std::string(40, 'a'));
}

}  // namespace primocane

# SPDX-License-Identifier: Apache-2.0
"""The layering check must find what it is for; each test writes a tree with one room too many."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # nothing is left beside the program, which has no suffix
LOADER = importlib.machinery.SourceFileLoader(
    "layering", str(pathlib.Path(__file__).with_name("layering")))
layering = importlib.util.module_from_spec(importlib.util.spec_from_loader("layering", LOADER))
sys.modules["layering"] = layering
LOADER.exec_module(layering)

TABLE = """
| room | owns | may include | third party |
|---|---|---|---|
| base/ | errors | – | fmt, mbedTLS (sha256.cpp) |
| source/ | trees | base | libgit2 |
| render/ | engine | base source (SourceTree, FolderTree only) | – |
| reconcile/ | the pass | all above | – |
| cli/ | commands | all | CLI11 |
"""


class Layering(unittest.TestCase):
    def complaints(self, file: str, include: str) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "agent", file)
            path.parent.mkdir(parents=True)
            path.write_text(f"// a file\n#include {include}\n")
            pathlib.Path(folder, "ARCHITECTURE.md").write_text(TABLE)
            return layering.check(pathlib.Path(folder))[1]

    def test_a_source_begins_with_its_own_header(self):
        own, other = '"source/a.hpp"', "<vector>"
        for first, second, count in ((own, other, 0), (other, own, 1)):
            with self.subTest(first=first), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder, "agent", "source", "a.cpp")
                path.parent.mkdir(parents=True)
                path.with_suffix(".hpp").write_text("// a header\n")
                path.write_text(f"// a file\n#include {first}\n#include {second}\n")
                pathlib.Path(folder, "ARCHITECTURE.md").write_text(TABLE)
                self.assertEqual(len(layering.check(pathlib.Path(folder))[1]), count)

    def test_what_the_table_names_is_allowed(self):
        for file, include in [
            ("source/a.cpp", '"base/error.hpp"'), ("source/a.cpp", '"source/b.hpp"'),
            ("source/a.cpp", "<git2.h>"), ("source/a.cpp", "<fmt/format.h>"),
            ("source/a.cpp", "<vector>"), ("source/a.cpp", "<sys/stat.h>"),
            ("render/a.cpp", '"source/source_tree.hpp"'),
            ("render/a.cpp", '"source/folder_tree.hpp"'), ("base/sha256.cpp", "<mbedtls/sha256.h>"),
            ("reconcile/a.cpp", '"render/a.hpp"'), ("cli/a.cpp", '"reconcile/a.hpp"'),
        ]:
            with self.subTest(file=file, include=include):
                self.assertEqual(self.complaints(file, include), [])

    def test_what_the_table_does_not_name_is_found_with_file_and_line(self):
        for file, include in [
            ("base/a.hpp", '"source/a.hpp"'), ("base/a.hpp", "<git2/oid.h>"),
            ("base/a.cpp", "<mbedtls/sha256.h>"), ("render/a.cpp", '"source/git_mirror.hpp"'),
            ("reconcile/a.cpp", '"cli/a.hpp"'), ("source/a.cpp", '"error.hpp"'),
            ("source/a.cpp", "<boost/asio.hpp>"), ("elsewhere/a.cpp", "<vector>"),
        ]:
            with self.subTest(file=file, include=include):
                found = self.complaints(file, include)
                self.assertEqual(len(found), 1)
                self.assertIn(f"agent/{file}", found[0])


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""The check must find each form of the mistake, and nothing that is right."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True  # nothing is left beside the program, which has no suffix
LOADER = importlib.machinery.SourceFileLoader(
    "try_in_braces", str(pathlib.Path(__file__).with_name("try_in_braces")))
check = importlib.util.module_from_spec(importlib.util.spec_from_loader("try_in_braces", LOADER))
LOADER.exec_module(check)


class TryInBraces(unittest.TestCase):
    def lines(self, statements: str) -> list[int]:
        return check.lines_with_try_in_braces(f"Result<int> f() {{\n{statements}\n}}\n")

    def test_a_try_in_an_initializer_is_found_with_its_line(self):
        for statements, lines in [
            ("return Pair{.a = TRY(a()), .b = b};", [2]),
            ("Pair pair{\n.a = a,\n.b = TRY(b())};", [4]),
            ("return g({a, TRY(b())});", [2]), ("return Pair{.a = g(h(TRY(b())))};", [2]),
            ("list.push_back({.a = {TRY(a())}, .b = b});", [2]),
            ("return Pair{a, TRY(g([] { return 1; }))};", [2]),
            ("const int many = 1'000; return Pair{.a = TRY(a()), .c = 'x'};", [2]),
        ]:
            with self.subTest(statements=statements):
                self.assertEqual(self.lines(statements), lines)

    def test_a_try_elsewhere_is_right(self):
        for statements in [
            "const int a = TRY(g()); return Pair{.a = a};", "TRY(g());",
            "if (a) {\nTRY(g({a, b}));\n}", "auto g = [&]() -> Result<int> { return TRY(h()); };",
            "return Pair{.call = [] { return TRY(h()); }};", "CO_TRY(Pair pair{}, g({1}));",
            "// return Pair{TRY(a())}\nreturn 1;", 'return Pair{"TRY("};',
            'return Pair{R"(TRY(")", \'"\'};', "#define A {TRY(a)} \\\n  {TRY(b)}\nreturn A;",
        ]:
            with self.subTest(statements=statements):
                self.assertEqual(self.lines(statements), [])


if __name__ == "__main__":
    unittest.main()

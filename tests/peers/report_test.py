# SPDX-License-Identifier: Apache-2.0
"""The table has to say of each case what became of it."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers.report import Verdict, case_words, keep, kept, row, step_words, table

READY = {"flux-system/flux-system": "ready", "flux-system/apps": "ready"}
FAILED = READY | {"flux-system/apps": "failed", "other/db": "waiting"}


class StepWords(unittest.TestCase):
    def test_a_step_in_which_all_are_ready_names_none(self):
        self.assertEqual(step_words(READY), "all ready")

    def test_those_that_are_not_ready_are_named_with_how_they_stand(self):
        self.assertEqual(step_words(FAILED), "apps failed; other/db waiting")

    def test_many_of_one_state_are_counted(self):
        states = {f"flux-system/app-{number}": "failed" for number in range(7)}
        self.assertEqual(step_words(states), "app-0, app-1, app-2, app-3 and 3 more failed")

    def test_steps_come_one_after_another(self):
        self.assertEqual(case_words([READY, FAILED]), "all ready → apps failed; other/db waiting")
        self.assertEqual(case_words([]), "(did not take part)")


class Table(unittest.TestCase):
    def test_a_case_is_equal_or_has_a_listed_difference_or_differs(self):
        self.assertEqual(Verdict("a").word(), "equal")
        self.assertEqual(Verdict("a", reasons=["because"]).word(), "listed difference")
        self.assertEqual(Verdict("a", reasons=["because"], lines=["x"]).word(), "differs")

    def test_an_outcome_of_ours_that_is_flux_s_is_not_repeated(self):
        self.assertEqual(row(Verdict("a_case", [READY], [READY])),
                         "| a case | all ready | the same | equal |")

    def test_the_table_counts_and_tells_reasons_and_what_differs(self):
        text = table([Verdict("one", [READY], [READY]),
                      Verdict("two", [READY], [FAILED], reasons=["because"]),
                      Verdict("three", [READY], [FAILED], ["step 1: wrong"])])
        self.assertIn("3 cases: 1 equal, 1 with a difference", text)
        self.assertIn("* two: because", text)
        self.assertIn("  step 1: wrong", text)

    def test_a_verdict_is_kept_for_as_long_as_its_case_is_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "verdicts" / "one.json"
            verdict = Verdict("one", [READY], [FAILED], ["step 1: wrong"], ["because"], 2.5)
            self.assertIsNone(kept("abc", path))
            keep(verdict, "abc", path)
            self.assertEqual(kept("abc", path), verdict)
            self.assertIsNone(kept("abd", path))


if __name__ == "__main__":
    unittest.main()

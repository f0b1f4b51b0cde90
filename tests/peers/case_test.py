# SPDX-License-Identifier: Apache-2.0
"""Cases are read strictly, and what Flux does not do of one is told."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers import flux_side
from peers.case import CaseError, read_case, unmet

CASES = pathlib.Path(__file__).resolve().parent / "cases"
STEP = '[[step]]\nready = ["flux-system"]\n'


class Cases(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def read(self, text):
        (self.folder / "case.toml").write_text(text)
        return read_case(self.folder)

    def test_every_case_can_be_read_and_its_name_is_a_sentence(self):
        folders = [path.parent for path in CASES.glob("*/case.toml")]
        for folder in folders:
            with self.subTest(case=folder.name):
                self.assertGreaterEqual(folder.name.count("_"), 2)
                read_case(folder)

    def test_what_is_written_wrongly_is_an_error(self):
        for text in ("", "step = [", "[[step]]\n", STEP + "wrong = 1\n", "wrong = 1\n" + STEP,
                     '[[step]]\nready = ["a"]\nwaiting = ["a"]\n',
                     STEP + 'cluster = [{ body = {} }]\n',
                     STEP + 'cluster = [{ apply = "/a", delete = "/a" }]\n'):
            with self.subTest(text=text), self.assertRaises(CaseError):
                self.read(text)

    def test_a_folder_without_a_step_is_an_error(self):
        (self.folder / "2").mkdir()
        with self.assertRaises(CaseError):
            self.read(STEP)

    def test_names_without_a_namespace_are_in_that_of_flux(self):
        step = self.read('[[step]]\nready = ["a", "home/b"]\nfailed = { c = "BuildFailed" }\n').steps[0]
        self.assertEqual(step.states, {"flux-system/a": "ready", "home/b": "ready",
                                       "flux-system/c": "failed"})
        self.assertEqual(step.reasons, {"flux-system/c": "BuildFailed"})

    def test_what_others_refer_to_is_committed_first(self):
        for name in ("home", "alpha", "other"):
            (self.folder / "1" / name).mkdir(parents=True)
        self.assertEqual(self.read(STEP).steps[0].repositories(), ["alpha", "other", "home"])

    def test_a_change_of_any_file_changes_the_hash(self):
        before = self.read(STEP).hash()
        self.assertEqual(self.read(STEP).hash(), before)
        (self.folder / "1" / "home").mkdir(parents=True)
        (self.folder / "1" / "home" / "a.yaml").write_text("a")
        self.assertNotEqual(self.read(STEP).hash(), before)

    def test_what_flux_does_not_do_is_told(self):
        step = self.read('[[step]]\nready = ["a"]\nfailed = { b = "BuildFailed" }\n'
                         'objects = ["ConfigMap/home/a"]\n'
                         'values = { "ConfigMap/home/a/data/x~1y/0" = 1 }\n').steps[0]
        states = {"flux-system/a": "ready", "flux-system/b": "failed"}
        reasons = {"flux-system/b": "BuildFailed"}
        objects = {"ConfigMap/home/a": {"data": {"x/y": [1]}}, "Namespace//flux-system": {}}
        self.assertEqual(unmet(step, states, reasons, objects), [])
        for change in (lambda: states.update({"flux-system/a": "failed"}),
                       lambda: states.update({"flux-system/c": "ready"}),
                       lambda: reasons.update({"flux-system/b": "Other"}),
                       lambda: objects.update({"ConfigMap/home/b": {}}),
                       lambda: objects["ConfigMap/home/a"].update({"data": {}})):
            change()
            told = unmet(step, states, reasons, objects)
            with self.subTest(told=told):
                self.assertNotEqual(told, [])
            states.update({"flux-system/a": "ready"})
            states.pop("flux-system/c", None)
            reasons["flux-system/b"] = "BuildFailed"
            objects.pop("ConfigMap/home/b", None)


class StateOfFlux(unittest.TestCase):
    REVISIONS = {("GitRepository", "flux-system", "home"): "main@sha1:2"}

    def kustomization(self, ready="True", reason="ReconciliationSucceeded", **changes):
        item = {"metadata": {"name": "a", "namespace": "flux-system", "generation": 3},
                "spec": {"sourceRef": {"kind": "GitRepository", "name": "home"}},
                "status": {"lastHandledReconcileAt": "token", "lastAppliedRevision": "main@sha1:2",
                           "conditions": [{"type": "Ready", "status": ready, "reason": reason,
                                           "observedGeneration": 3}]}}
        for section, values in changes.items():
            item[section] = item[section] | values
        return item

    def state(self, *arguments, **changes):
        return flux_side.state_of(self.kustomization(*arguments, **changes), "token", self.REVISIONS)

    def test_ready_is_ready_at_the_revision_of_its_source(self):
        self.assertEqual(self.state(), "ready")
        self.assertEqual(self.state(status={"lastAppliedRevision": "main@sha1:1"}), "progressing")

    def test_an_attempt_from_before_the_step_does_not_count(self):
        old = {"lastHandledReconcileAt": "older"}
        self.assertEqual(flux_side.state_of(self.kustomization(**{"status": old}), "token",
                                            self.REVISIONS), "progressing")
        self.assertEqual(self.state(metadata={"generation": 4}), "progressing")

    def test_what_failed_what_waits_and_what_is_suspended(self):
        self.assertEqual(self.state("False", "BuildFailed"), "failed")
        self.assertEqual(self.state("False", "DependencyNotReady"), "waiting")
        self.assertEqual(self.state("Unknown", "Progressing"), "progressing")
        suspended = {"suspend": True}
        self.assertEqual(self.state(spec=suspended), "suspended")
        self.assertEqual(self.state(metadata={"deletionTimestamp": "now"}), "progressing")


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""The comparison must see each difference between two clusters, and no more than there are."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from peers import comparison, snapshot
from peers.api import Kind
from peers.comparison import MISSING, Allowance, Difference
from peers.sides import Outcome

CONFIG_MAP = Kind("", "v1", "configmaps", "ConfigMap", True)
SERVICE = Kind("", "v1", "services", "Service", True)


def config_map(name="a", data=None, **metadata):
    return {"apiVersion": "v1", "kind": "ConfigMap", "data": data or {},
            "metadata": {"name": name, "namespace": "home", "uid": "1", "resourceVersion": "7",
                         "generation": 2, "creationTimestamp": "2026-01-01T00:00:00Z",
                         "managedFields": [{}], **metadata}}


def outcome(objects, states=None, made_again=()):
    return Outcome(states or {}, {}, {}, objects, list(made_again), 0.0)


class Comparison(unittest.TestCase):
    def places(self, flux, ours):
        return [(each.object, each.path, each.flux, each.ours)
                for each in comparison.compare_objects("case", 1, flux, ours)]

    def test_equal_objects_do_not_differ(self):
        one = {"ConfigMap/home/a": {"data": {"a": ["b", {"c": 1}]}}}
        self.assertEqual(self.places(one, {"ConfigMap/home/a": {"data": {"a": ["b", {"c": 1}]}}}), [])

    def test_an_object_on_one_side_alone_is_one_difference(self):
        there = {"ConfigMap/home/a": {"data": {"a": "b", "c": "d"}}}
        self.assertEqual(self.places(there, {}),
                         [("ConfigMap/home/a", "(object)", "there", MISSING)])
        self.assertEqual(self.places({}, there),
                         [("ConfigMap/home/a", "(object)", MISSING, "there")])

    def test_each_leaf_that_differs_is_one_difference_with_its_pointer(self):
        for flux, ours, expected in [
            ({"a": 1}, {"a": 2}, [("/a", 1, 2)]),
            ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, [("/a/c", 2, MISSING)]),
            ({"x/y~z": 1}, {"x/y~z": 2}, [("/x~1y~0z", 1, 2)]),
            ({"a": [1, 2]}, {"a": [1, 3]}, [("/a/1", 2, 3)]),
            ({"a": [1]}, {"a": [1, 2]}, [("/a", [1], [1, 2])]),
            ({"a": "1"}, {"a": 1}, [("/a", "1", 1)]),
            ({"a": True}, {"a": 1}, [("/a", True, 1)]),
            ({"a": None}, {}, [("/a", None, MISSING)]),
            ({"a": {}}, {"a": []}, [("/a", {}, [])]),
        ]:
            with self.subTest(flux=flux, ours=ours):
                self.assertEqual(list(comparison.differing(flux, ours)), expected)

    def test_how_kustomizations_stand_is_compared_too(self):
        found = comparison.compare_outcomes(
            "case", 2, outcome({}, {"flux-system/a": "ready", "flux-system/b": "ready"}),
            outcome({}, {"flux-system/a": "failed", "flux-system/c": "ready"}))
        self.assertEqual([(each.object, each.path, each.flux, each.ours) for each in found],
                         [("Kustomization/flux-system/a", "(state)", "ready", "failed"),
                          ("Kustomization/flux-system/b", "(state)", "ready", MISSING),
                          ("Kustomization/flux-system/c", "(state)", MISSING, "ready")])

    def test_an_object_that_one_side_made_again_is_told(self):
        both = {"ConfigMap/home/a": {}, "ConfigMap/home/b": {}}
        found = comparison.compare_outcomes(
            "case", 1, outcome(both, made_again=["ConfigMap/home/a", "ConfigMap/home/b"]),
            outcome(both, made_again=["ConfigMap/home/b"]))
        self.assertEqual(found, [Difference("case", 1, "ConfigMap/home/a", "(made again)", True,
                                            False)])

    def test_an_allowance_covers_what_it_names_and_nothing_else(self):
        difference = Difference("what_moves", 1, "ConfigMap/home/a", "/data/a", 1, 2)
        for allowance, covers in [
            (Allowance("*", "*", "*", "r"), True),
            (Allowance("what_*", "ConfigMap/home/*", "/data/*", "r"), True),
            (Allowance("other", "*", "*", "r"), False),
            (Allowance("*", "ConfigMap/other/*", "*", "r"), False),
            (Allowance("*", "*", "/metadata/*", "r"), False),
        ]:
            with self.subTest(allowance=allowance):
                unexpected, used = comparison.divide([difference], [allowance])
                self.assertEqual(unexpected == [], covers)
                self.assertEqual(used == {allowance}, covers)

    def test_an_allowance_needs_a_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "differences.toml"
            for text in ('[[difference]]\ncase = "a"\n', '[[difference]]\nreason = " "\n',
                         '[[difference]]\nreason = "a"\nwhy = "b"\n'):
                path.write_text(text)
                with self.subTest(text=text), self.assertRaises(ValueError):
                    comparison.read_allowances(path)
            path.write_text('[[difference]]\ncase = "a"\nreason = "b"\n')
            self.assertEqual(comparison.read_allowances(path), [Allowance("a", "*", "*", "b")])


class Normalisation(unittest.TestCase):
    def test_what_each_server_says_for_itself_is_left_out(self):
        self.assertEqual(snapshot.normalised(CONFIG_MAP, config_map(data={"a": "b"})),
                         {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"},
                          "metadata": {"name": "a", "namespace": "home"}})

    def test_marks_of_applysets_are_left_out_and_others_are_not(self):
        kept = snapshot.normalised(CONFIG_MAP, config_map(
            labels={"applyset.kubernetes.io/part-of": "x", "team": "home"},
            annotations={"applyset.kubernetes.io/tooling": "x"}))
        self.assertEqual(kept["metadata"]["labels"], {"team": "home"})
        self.assertNotIn("annotations", kept["metadata"])

    def test_what_a_server_allots_to_a_service_is_left_out(self):
        spec = {"clusterIP": "10.43.0.7", "clusterIPs": ["10.43.0.7"], "type": "NodePort",
                "ports": [{"port": 80, "nodePort": 30001}]}
        kept = snapshot.normalised(SERVICE, config_map() | {"spec": spec})
        self.assertEqual(kept["spec"], {"type": "NodePort", "ports": [{"port": 80}]})
        headless = {"clusterIP": "None", "clusterIPs": ["None"], "ports": []}
        kept = snapshot.normalised(SERVICE, config_map() | {"spec": headless})
        self.assertEqual(kept["spec"], headless)

    def test_what_a_controller_made_is_left_out(self):
        owner = {"kind": "Deployment", "name": "a", "controller": True}
        self.assertTrue(snapshot.is_derived(CONFIG_MAP, config_map(ownerReferences=[owner])))
        self.assertFalse(snapshot.is_derived(
            CONFIG_MAP, config_map(ownerReferences=[owner | {"controller": False}])))
        self.assertTrue(snapshot.is_derived(CONFIG_MAP, config_map("kube-root-ca.crt")))
        account = Kind("", "v1", "serviceaccounts", "ServiceAccount", True)
        self.assertTrue(snapshot.is_derived(account, config_map("default")))
        self.assertFalse(snapshot.is_derived(account, config_map(
            "default", labels={"kustomize.toolkit.fluxcd.io/name": "apps"})))

    def test_our_own_bookkeeping_is_left_out(self):
        self.assertTrue(snapshot.is_ours(CONFIG_MAP, config_map(namespace="primocane-system")))
        self.assertFalse(snapshot.is_ours(CONFIG_MAP, config_map()))

    def test_what_waits_for_somebodys_finalizer_is_not_waited_for(self):
        for finalizers, held in [([], False), (["foregroundDeletion"], False),
                                 (["kubernetes.io/pvc-protection"], False),
                                 (["example.org/mine"], True)]:
            with self.subTest(finalizers=finalizers):
                self.assertEqual(snapshot.is_held(config_map(finalizers=finalizers)), held)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""The whole loop: from a commit to a real API server, and back when somebody interferes."""

import json
import pathlib
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab
from lab.process import wait_until


def config_map(name, value="v", namespace="home", annotations=None):
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap",
                       "metadata": {"name": name, "namespace": namespace,
                                    "annotations": annotations or {}},
                       "data": {"k": value}})


NAMESPACE = json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "home"}})


class LoopTest(unittest.TestCase):
    """One lab for all; each test has its own repository content."""

    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.repository = self.lab.repository
        self.cluster = self.lab.cluster
        self.agent = self.lab.agent()

    def deploy(self, files):
        self.repository.commit({"namespace.yaml": NAMESPACE, **files})
        self.agent.start()
        return self.agent.reconcile()

    def value(self, name):
        found = self.cluster.get("configmap", name, "home")
        return found and found["data"]["k"]

    def test_a_commit_is_deployed_changed_reverted_and_pruned(self):
        self.deploy({"a.yaml": config_map("a"), "b.yaml": config_map("b")})
        self.assertEqual((self.value("a"), self.value("b")), ("v", "v"))

        self.repository.commit({"a.yaml": config_map("a", "new")})
        self.agent.reconcile()
        self.assertEqual(self.value("a"), "new")

        self.cluster.kubectl("patch", "configmap", "a", "-n", "home", "--type=merge",
                             "-p", '{"data":{"k":"by hand"}}')
        self.agent.reconcile()
        self.assertEqual(self.value("a"), "new")

        self.cluster.kubectl("delete", "configmap", "b", "-n", "home")
        self.agent.reconcile()
        self.assertEqual(self.value("b"), "v")

        self.repository.commit({"b.yaml": None})
        self.agent.reconcile()
        self.assertIsNone(self.value("b"))
        self.assertEqual(self.value("a"), "new")
        status = self.agent.status()
        self.assertEqual((status["state"], status["counts"]["applied"]), ("ready", 2))

    def test_members_carry_their_marks(self):
        self.deploy({"a.yaml": config_map("a")})
        labels = self.cluster.get("configmap", "a", "home")["metadata"]["labels"]
        self.assertEqual(labels["kustomize.toolkit.fluxcd.io/name"], "root")
        self.assertRegex(labels["applyset.kubernetes.io/part-of"], r"^applyset-[\w-]{43}-v1$")
        parent = self.cluster.get("configmap", "primocane-system.root", "primocane-system")
        self.assertEqual(parent["metadata"]["labels"]["applyset.kubernetes.io/id"],
                         labels["applyset.kubernetes.io/part-of"])

    def test_a_killed_agent_goes_on_where_it_was(self):
        self.deploy({"a.yaml": config_map("a")})
        self.agent.kill()
        self.repository.commit({"a.yaml": config_map("a", "new")})
        self.agent.start()
        self.agent.reconcile()
        self.assertEqual(self.value("a"), "new")

    def test_git_down_at_start_does_not_keep_the_cluster_from_being_corrected(self):
        self.deploy({"a.yaml": config_map("a")})
        self.agent.stop()
        self.lab.git.stop()
        self.cluster.kubectl("delete", "configmap", "a", "-n", "home")
        self.agent.start()
        wait_until(lambda: self.value("a"), "the object to come back")
        self.assertEqual(self.agent.status()["state"], "failing")

    def test_an_api_server_that_is_down_is_waited_for(self):
        self.repository.commit({"namespace.yaml": NAMESPACE, "a.yaml": config_map("a")})
        self.cluster.stop()
        self.agent.start()
        wait_until(lambda: "127.0.0.1" in self.agent.log(), "the agent to say what it waits for")
        self.cluster.start()
        wait_until(lambda: self.value("a"), "the object", seconds=90)

    def test_a_second_agent_on_the_same_state_is_refused(self):
        self.deploy({"a.yaml": config_map("a")})
        self.assertEqual(self.agent.run("agent").returncode, 75)

    def test_plan_shows_fields_and_writes_nothing(self):
        self.deploy({"a.yaml": config_map("a")})
        self.assertEqual(self.agent.run("plan").returncode, 0)
        self.agent.stop()  # it would revert that at once
        self.cluster.kubectl("patch", "configmap", "a", "-n", "home", "--type=merge",
                             "-p", '{"data":{"k":"by hand"}}')
        plan = self.agent.run("plan")
        self.assertEqual(plan.returncode, 2, plan.stdout + plan.stderr)
        self.assertIn("by hand", plan.stdout)
        self.assertIn("/data/k", plan.stdout)
        self.assertEqual(self.value("a"), "by hand")

    def test_plan_works_before_any_agent_has_run(self):
        self.agent.state = self.lab.folder / "var" / "lib" / "primocane"
        self.repository.commit({"namespace.yaml": NAMESPACE, "a.yaml": config_map("a")})
        plan = self.agent.run("plan")
        self.assertEqual(plan.returncode, 2, plan.stdout + plan.stderr)
        self.assertIn("2 to create", plan.stdout)
        self.assertEqual(self.agent.state.stat().st_mode & 0o777, 0o755)

    def test_plan_masks_secrets(self):
        secret = {"apiVersion": "v1", "kind": "Secret", "stringData": {"k": "hunter2"},
                  "metadata": {"name": "s", "namespace": "home"}}
        self.deploy({"s.yaml": json.dumps(secret)})
        secret["stringData"]["k"] = "hunter3"
        self.repository.commit({"s.yaml": json.dumps(secret)})
        plan = self.agent.run("plan", "--path", str(self.repository.tree))
        self.assertEqual(plan.returncode, 2, plan.stdout + plan.stderr)
        for text in (plan.stdout, plan.stderr, self.agent.log()):
            for secret_text in ("hunter", "aHVudGVy"):
                self.assertNotIn(secret_text, text)

    def test_a_shell_that_shares_nothing_may_start_it(self):
        self.repository.commit({"namespace.yaml": NAMESPACE, "a.yaml": config_map("a")})
        self.agent.start(prefix=("sh", "-c", 'umask 077; exec "$@"', "sh"))
        self.agent.reconcile()
        self.assertEqual(self.value("a"), "v")
        self.assertEqual(self.agent.runtime.stat().st_mode & 0o777, 0o755)

    def test_a_complete_job_that_was_deleted_is_not_run_again(self):
        lab = Lab(fake_kubelet=True)
        self.addCleanup(lab.close)
        job = {"apiVersion": "batch/v1", "kind": "Job",
               "metadata": {"name": "migrate", "namespace": "default"},
               "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [
                   {"name": "c", "image": "example.org/migrate"}]}}}}
        lab.repository.commit({"job.yaml": json.dumps(job)})
        agent = lab.agent().start()
        agent.reconcile()
        wait_until(lambda: lab.cluster.get("job", "migrate")["status"].get("completionTime"),
                   "the job to complete")
        agent.reconcile()
        lab.cluster.kubectl("delete", "job", "migrate")
        self.assertEqual(agent.reconcile()["changed"], 0)
        self.assertIsNone(lab.cluster.get("job", "migrate"))

    def test_sighup_starts_a_pass(self):
        self.deploy({"a.yaml": config_map("a")})
        self.repository.commit({"a.yaml": config_map("a", "new")})
        self.agent.process.send_signal(1)
        wait_until(lambda: self.value("a") == "new", "the new value")

    def test_volume_claims_are_kept_and_told(self):
        claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                 "metadata": {"name": "media", "namespace": "home"},
                 "spec": {"accessModes": ["ReadWriteOnce"],
                          "resources": {"requests": {"storage": "1Gi"}}}}
        self.deploy({"a.yaml": config_map("a"), "claim.yaml": json.dumps(claim)})
        self.repository.commit({"claim.yaml": None})
        self.agent.reconcile()
        self.assertIsNotNone(self.cluster.get("pvc", "media", "home"))
        self.assertIn("PersistentVolumeClaim/home/media", self.agent.log())
        self.assertEqual(self.agent.status()["counts"]["kept"], 1)

    def test_what_belongs_to_helm_is_a_conflict_that_names_it(self):
        self.cluster.kubectl("create", "namespace", "home")
        theirs = json.loads(config_map("web"))
        theirs["metadata"]["labels"] = {"app.kubernetes.io/managed-by": "Helm"}
        theirs["metadata"]["annotations"] = {"meta.helm.sh/release-name": "web",
                                             "meta.helm.sh/release-namespace": "home"}
        self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(theirs))
        self.repository.commit({"web.yaml": config_map("web", "ours"), "b.yaml": config_map("b")})
        self.agent.start()
        self.agent.reconcile(check=False)
        self.assertEqual((self.value("web"), self.value("b")), ("v", "v"))
        self.assertIn("Helm", self.agent.log())

    def test_copies_of_our_label_are_left_alone(self):
        self.deploy({"a.yaml": config_map("a")})
        copy = self.cluster.get("configmap", "a", "home")
        copy["metadata"] = {"name": "copy", "namespace": "home",
                            "labels": copy["metadata"]["labels"]}
        self.cluster.kubectl("create", "-f", "-", stdin=json.dumps(copy))
        self.agent.reconcile()
        self.assertEqual(self.value("copy"), "v")

    def test_deletions_of_half_a_set_wait_for_a_confirmation(self):
        self.deploy({f"{i}.yaml": config_map(f"m{i}") for i in range(15)})
        self.repository.commit({f"{i}.yaml": None for i in range(12)})
        report = self.agent.reconcile(check=False)
        self.assertEqual(self.value("m0"), "v")
        self.agent.reconcile("--confirm-prune", report["confirmPrune"])
        self.assertIsNone(self.value("m0"))
        self.assertEqual(self.value("m14"), "v")

    def test_a_rewrite_is_not_accepted_when_who_accepts_it_interrupts(self):
        self.deploy({"a.yaml": config_map("a")})
        self.rewrite_branch()
        server = self.lab.git.server.process
        server.send_signal(signal.SIGSTOP)
        try:
            self.agent.run("reconcile")  # a pass that now waits for Git
            waiting = subprocess.Popen(self.agent.command("reconcile", "--wait",
                                                          "--accept-rewrite"))
            wait_until(lambda: self.connections() == 1, "the command to be connected")
            waiting.terminate()  # SIGINT may be ignored, as in what a shell runs in the background
            waiting.wait(timeout=15)
            wait_until(lambda: self.connections() == 0, "the agent to hang up", seconds=5)
        finally:
            server.send_signal(signal.SIGCONT)
        self.agent.reconcile(check=False)
        self.assertEqual(self.value("a"), "v")

    def connections(self):
        """How many are open to the control socket."""
        table = pathlib.Path("/proc/net/unix").read_text()
        return table.count(f" {self.agent.runtime}/control\n") - 1  # the one that listens

    def rewrite_branch(self):
        self.repository.run("checkout", "-q", "--orphan", "other")
        self.repository.run("branch", "-D", "main")
        self.repository.run("branch", "-m", "main")
        self.repository.commit({"a.yaml": config_map("a", "rewritten")})

    def test_a_rewritten_branch_is_refused_until_it_is_accepted(self):
        self.deploy({"a.yaml": config_map("a")})
        self.rewrite_branch()
        self.agent.reconcile(check=False)
        self.assertEqual(self.value("a"), "v")
        self.assertIn("--accept-rewrite", self.agent.log())
        self.agent.reconcile("--accept-rewrite")
        self.assertEqual(self.value("a"), "rewritten")


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""The package on a node: from `apt install` to a cluster as Git has it, and off again."""

import shutil
import unittest

from node_case import (CONFIGURATION, NODES, ROOT, STATE, NodeCase, config_maps, install, smoke)

KINDS = ("namespace,limitrange,persistentvolume,persistentvolumeclaim,configmap,secret,"
         "serviceaccount,service,deployment,statefulset,daemonset,cronjob,ingress,networkpolicy,"
         "clusterrole,clusterrolebinding,storageclass,priorityclass")


class InstallTest(NodeCase):
    """On a node that has never seen the package."""

    def take_node(self):
        self.use(NODES.bare("bare"))
        self.node.boot()
        self.mark_journal()

    def homelab(self):
        shutil.copytree(ROOT / "examples" / "homelab", self.repository.tree, dirs_exist_ok=True)
        return self.repository.commit(message="Set up the home-lab")

    @smoke
    def test_install_start_and_first_reconcile(self):
        said = install(self.node)
        self.assertNotIn("error", said.lower())
        self.assertEqual(self.node.text("dpkg-query -W -f '${db:Status-Status}' primocane"),
                         "installed")

        # Without a configuration it runs, and says what it waits for.
        self.node.wait_for("systemctl is-active primocane", "the service runs without a configuration")
        self.assertEqual(self.node.text("systemctl is-enabled primocane"), "enabled")
        self.wait_unit_status(CONFIGURATION)
        self.assertEqual(self.unit("NRestarts"), "0")

        # A person writes it, and nothing else: the agent finds it.
        commit = self.homelab()
        self.configure(git={"path": "clusters/home"})
        status = self.wait_applied(commit, seconds=300)
        counts = status["counts"]
        self.assertGreater(counts["desired"], 50)
        self.assertEqual((counts["applied"], counts["failed"]), (counts["desired"], 0))
        in_cluster = self.cluster.kubectl("get", KINDS, "-A", "-o", "name", "-l",
                                          "kustomize.toolkit.fluxcd.io/name=root").split()
        self.assertEqual(len(in_cluster), counts["desired"])

        # 3.0, as `systemd-analyze security` prints it.
        self.node.run("systemd-analyze security --threshold=30 primocane")
        self.see_status(commit, counts["desired"])
        self.see_journal(commit, counts["desired"])
        # The scenarios that follow need a node with the package: this one will do.
        NODES.share(self.node)

    def wait_unit_status(self, words):
        self.node.wait_for(f"systemctl show primocane -P StatusText | grep -F '{words}'",
                           f"the service's status says {words}")

    def see_status(self, commit, count):
        """systemctl status alone tells: revision and age, what is applied, that all is well."""
        text = self.node.text("systemctl status --no-pager -l primocane")
        print("\n" + "\n".join(f"    {line}" for line in text.splitlines()), flush=True)
        (line,) = [line for line in text.splitlines() if line.strip().startswith("Status:")]
        self.assertIn("active (running)", text)
        for words in ("ready", commit[:12], " old", str(count)):
            self.assertIn(words, line)
        plain = self.node.text("primocane status")
        for words in ("ready", commit, str(count)):
            self.assertIn(words, plain)

    def see_journal(self, commit, count):
        """The journal reads like a log book, explains itself and can be searched by fields."""
        records = self.records()
        applied = [record for record in records if record["PRIMOCANE_EVENT"] == "object-applied"]
        self.assertEqual(len(applied), count)
        self.assertTrue(all(record["PRIMOCANE_OBJECT"] and record["PRIMOCANE_ACTION"]
                            for record in applied))
        told = [record["MESSAGE"] for record in records]
        self.assertTrue(any(commit[:12] in message for message in told), told)
        # That it waited for its configuration is all that ever was wrong.
        self.assertEqual([record["PRIMOCANE_EVENT"] for record in records
                          if int(record["PRIORITY"]) <= 4], ["agent-waiting"])
        explained = self.journal("-x")
        self.assertIn("The agent has started", explained)
        print("\n".join(f"    {line}" for line in self.journal("-o", "short").splitlines()[:12]),
              flush=True)

    def test_remove_keeps_the_state_and_purge_deletes_it(self):
        install(self.node)
        commit = self.deploy(config_maps(5))
        self.node.write("/etc/rancher/k3s/config.yaml.d/10-owner.yaml", "disable: [traefik]\n")
        rancher = self.tree("/etc/rancher")
        before = self.values()

        self.node.text("apt-get remove -y primocane 2>&1", seconds=300)
        self.assertNotEqual(self.node.run("pgrep -x primocane", check=False).code, 0)
        self.assertEqual(self.node.run("test -e /usr/bin/primocane", check=False).code, 1)
        self.node.run(f"test -d {STATE}/mirror.git && test -e {CONFIGURATION}")

        install(self.node)
        self.assertEqual(self.wait_applied(commit)["counts"]["applied"], 6)

        self.node.text("apt-get purge -y primocane 2>&1", seconds=300)
        for path in (STATE, "/etc/primocane", "/run/primocane", "/usr/bin/primocane"):
            self.assertEqual(self.node.run(f"test -e {path}", check=False).code, 1, path)
        left = self.node.run("find /etc /usr /var/lib -xdev -name '*primocane*' "
                             "-not -path '/var/lib/dpkg/*' -not -path '/var/lib/apt/*'").output
        self.assertEqual(left, "")
        self.assertEqual(self.node.text("systemctl --failed --no-legend --plain"), "")

        # Neither K3s nor the cluster has noticed anything.
        self.assertEqual(self.tree("/etc/rancher"), rancher)
        self.assertEqual(self.values(), before)
        self.assertIsNotNone(self.cluster.get("namespace", "primocane-system"))

        install(self.node)
        self.configure()
        self.wait_applied(commit)
        self.assertEqual(self.values(), before)
        self.spoils_node()

    def tree(self, folder):
        """Every file below a folder with its mode, owner, time and content's hash."""
        return self.node.text(f"find {folder} -printf '%p %m %u %g %T@\\n' | sort; "
                              f"find {folder} -type f -exec sha256sum {{}} + | sort")


if __name__ == "__main__":
    unittest.main()

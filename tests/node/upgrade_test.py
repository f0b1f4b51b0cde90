# SPDX-License-Identifier: Apache-2.0
"""A newer package, and an older one again, over an agent that runs."""

import pathlib
import subprocess
import tempfile
import unittest

from node_case import NodeCase, config_maps, install, package


def package_with_version(folder, version):
    """The package under test under another version; nothing else of it differs."""
    tree = pathlib.Path(folder) / version
    subprocess.run(["dpkg-deb", "-R", str(package()), str(tree)], check=True)
    control = tree / "DEBIAN" / "control"
    lines = [f"Version: {version}" if line.startswith("Version:") else line
             for line in control.read_text().splitlines()]
    control.write_text("\n".join(lines) + "\n")
    deb = pathlib.Path(folder) / f"primocane_{version}_arm64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-b", str(tree), str(deb)], check=True,
                   stdout=subprocess.DEVNULL)
    return deb


class UpgradeTest(NodeCase):

    def test_an_upgrade_and_a_downgrade_while_it_runs(self):
        self.spoils_node()  # the package's version is another one afterwards
        commit = self.deploy(config_maps(20))
        before = self.versions()
        old_pid = self.unit("MainPID")
        state = self.node.text("stat -c %i /var/lib/primocane/mirror.git")
        with tempfile.TemporaryDirectory() as folder:
            newer = package_with_version(folder, "99:1.0")
            install(self.node, newer, "/root/newer.deb")
            self.assertEqual(self.node.text("dpkg-query -W -f '${Version}' primocane"), "99:1.0")
            self.goes_on(commit, before, state)
            new_pid = self.unit("MainPID")
            self.assertNotEqual(new_pid, old_pid)

            self.node.text("DEBIAN_FRONTEND=noninteractive apt-get install -y --allow-downgrades "
                           f"{self.original()} 2>&1", seconds=300)
            self.goes_on(commit, before, state)
            self.assertNotEqual(self.unit("MainPID"), new_pid)

    def original(self):
        self.node.copy_in(package(), "/root/original.deb")
        return "/root/original.deb"

    def versions(self):
        """The resource versions of all objects: whatever is written to the cluster changes one."""
        text = self.cluster.kubectl("get", "configmap", "-n", "home", "-o",
                                    "jsonpath={range .items[*]}{.metadata.name} "
                                    "{.metadata.resourceVersion}{'\\n'}{end}")
        return sorted(text.split("\n"))

    def goes_on(self, commit, before, state):
        self.node.wait_for("systemctl is-active primocane", "the service runs")
        self.wait_applied(commit)
        self.node.run("primocane reconcile --wait")
        self.assertEqual(self.versions(), before)
        self.assertEqual(self.node.text("stat -c %i /var/lib/primocane/mirror.git"), state)
        self.assertEqual(self.unit("NRestarts", "Result"), ("0", "success"))
        self.assertEqual(self.node.text("dpkg --audit"), "")


if __name__ == "__main__":
    unittest.main()

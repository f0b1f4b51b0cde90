# SPDX-License-Identifier: Apache-2.0
"""The contract of Cluster (tests/contract) on a real API server; ctest tries it on the fake alone."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.cluster import Cluster
from lab.process import ROOT

CONTRACT = pathlib.Path(os.environ.get("PRIMOCANE_CONTRACT", ROOT / "build" / "check" / "contract"))


class ContractTest(unittest.TestCase):
    def test_the_real_api_server_keeps_the_contract(self):
        folder = tempfile.TemporaryDirectory(prefix="primocane-contract-")
        self.addCleanup(folder.cleanup)
        cluster = Cluster(folder.name)
        self.addCleanup(cluster.stop)
        environment = os.environ | {"PRIMOCANE_TEST_KUBECONFIG": str(cluster.kubeconfig)}
        done = subprocess.run([str(CONTRACT)], cwd=ROOT, env=environment, capture_output=True,
                              text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-5000:])


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""Where the output goes: what can't be written is told, and a reader may leave early."""

import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.process import PRIMOCANE


class OutputTest(unittest.TestCase):
    def run_into(self, stdout):
        """`primocane --help` with its output there; the finished process."""
        return subprocess.run([str(PRIMOCANE), "--help"], stdout=stdout, stderr=subprocess.PIPE,
                              text=True, timeout=60)

    def test_a_full_disk_is_told(self):
        with open("/dev/full", "w") as full:
            done = self.run_into(full)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "primocane: writing the output: No space left on device\n")

    def test_a_reader_that_left_is_no_news(self):
        reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
        reader.wait()
        done = self.run_into(reader.stdin)
        reader.stdin.close()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "")


if __name__ == "__main__":
    unittest.main()
